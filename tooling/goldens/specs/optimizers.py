"""Optimizers with given gradients, and with objectives of their own."""

PARAMS = [[2, 3], [4], []]


def cases():
    found = []

    def add(name, variant, options, params=PARAMS, **more):
        found.append({"id": f"{name}/{variant}", "optimizer": name, "options": options, "params": params, "seed": len(found), **more})

    variants = {
        "SGD": [
            ("lr", {"lr": 0.1}),
            ("momentum", {"lr": 0.1, "momentum": 0.9}),
            ("dampening", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3}),
            ("nesterov", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
            ("weightDecay", {"lr": 0.1, "weightDecay": 0.05}),
            ("all", {"lr": 0.1, "momentum": 0.5, "weightDecay": 0.05, "nesterov": True}),
            ("maximize", {"lr": 0.1, "momentum": 0.9, "maximize": True}),
        ],
        "Adam": [
            ("default", {}),
            ("lr", {"lr": 0.1}),
            ("betas", {"lr": 0.1, "betas": [0.5, 0.9]}),
            ("eps", {"lr": 0.1, "eps": 0.1}),
            ("weightDecay", {"lr": 0.1, "weightDecay": 0.1}),
            ("amsgrad", {"lr": 0.1, "amsgrad": True}),
            ("maximize", {"lr": 0.1, "maximize": True}),
        ],
        "AdamW": [("default", {}), ("lr", {"lr": 0.1}), ("weightDecay", {"lr": 0.1, "weightDecay": 0.3}), ("amsgrad", {"lr": 0.1, "amsgrad": True}), ("maximize", {"lr": 0.1, "maximize": True})],
        "NAdam": [("default", {}), ("lr", {"lr": 0.1}), ("momentumDecay", {"lr": 0.1, "momentumDecay": 0.1}), ("weightDecay", {"lr": 0.1, "weightDecay": 0.1}), ("decoupled", {"lr": 0.1, "weightDecay": 0.1, "decoupledWeightDecay": True})],
        "RAdam": [("default", {}), ("lr", {"lr": 0.1}), ("weightDecay", {"lr": 0.1, "weightDecay": 0.1}), ("decoupled", {"lr": 0.1, "weightDecay": 0.1, "decoupledWeightDecay": True})],
        "Adamax": [("default", {}), ("lr", {"lr": 0.1}), ("weightDecay", {"lr": 0.1, "weightDecay": 0.1})],
        "Adagrad": [("default", {}), ("lrDecay", {"lr": 0.1, "lrDecay": 0.1}), ("initial", {"lr": 0.1, "initialAccumulatorValue": 0.5}), ("weightDecay", {"lr": 0.1, "weightDecay": 0.1})],
        "Adadelta": [("default", {}), ("rho", {"lr": 0.5, "rho": 0.5}), ("weightDecay", {"weightDecay": 0.1})],
        "RMSprop": [
            ("default", {}),
            ("lr", {"lr": 0.1}),
            ("alpha", {"lr": 0.1, "alpha": 0.5}),
            ("momentum", {"lr": 0.1, "momentum": 0.9}),
            ("centered", {"lr": 0.1, "centered": True}),
            ("all", {"lr": 0.1, "momentum": 0.5, "centered": True, "weightDecay": 0.1}),
        ],
        "Rprop": [("default", {}), ("etas", {"lr": 0.1, "etas": [0.4, 1.5]}), ("sizes", {"lr": 0.1, "stepSizes": [0.05, 0.2]})],
        "ASGD": [("default", {}), ("t0", {"lr": 0.1, "t0": 2}), ("weightDecay", {"lr": 0.1, "weightDecay": 0.1})],
        "Adafactor": [("default", {}), ("lr", {"lr": 0.1}), ("weightDecay", {"lr": 0.1, "weightDecay": 0.1})],
    }
    # Every optimizer upwards, and with decay: the options that all of them have.
    for name in ("NAdam", "RAdam", "Adamax", "Adagrad", "Adadelta", "RMSprop", "Rprop", "ASGD", "Adafactor"):
        variants[name].append(("maximize", {"lr": 0.1, "maximize": True}))
    for name in ("NAdam", "RAdam"):
        variants[name].append(("betas", {"lr": 0.1, "betas": [0.5, 0.8], "eps": 0.1}))
    variants["SGD"].append(("dampening-decay", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5, "weightDecay": 0.1, "maximize": True}))
    variants["Adam"] += [("decoupled", {"lr": 0.1, "weightDecay": 0.1, "decoupledWeightDecay": True}), ("all", {"lr": 0.1, "betas": [0.5, 0.7], "eps": 0.01, "weightDecay": 0.1, "amsgrad": True, "maximize": True})]
    variants["Adamax"] += [("betas", {"lr": 0.1, "betas": [0.5, 0.7], "eps": 0.1})]
    variants["Adagrad"] += [("eps", {"lr": 0.1, "eps": 0.5, "maximize": True, "weightDecay": 0.2})]
    variants["Adadelta"] += [("eps", {"lr": 0.5, "eps": 0.1, "weightDecay": 0.1, "maximize": True})]
    variants["RMSprop"] += [("eps", {"lr": 0.1, "eps": 0.1, "centered": True, "momentum": 0.9, "maximize": True})]
    variants["Rprop"] += [("all", {"lr": 0.1, "etas": [0.3, 1.1], "stepSizes": [0.01, 0.12], "maximize": True})]
    variants["ASGD"] += [("all", {"lr": 0.1, "lambd": 0.1, "alpha": 0.5, "t0": 1, "weightDecay": 0.2, "maximize": True})]
    variants["Adafactor"] += [("all", {"lr": 0.1, "beta2Decay": -0.5, "eps": [0.01, 0.1], "d": 2, "weightDecay": 0.2, "maximize": True})]
    for name, list_ in variants.items():
        for variant, options in list_:
            add(name, variant, options, steps=8 if name == "RAdam" else 5)
    for name in ("SGD", "Adam", "AdamW", "RMSprop"):
        momentum = {"momentum": 0.9} if name == "SGD" else {}
        add(name, "groups", {"lr": 0.1, **momentum}, [{"shapes": [[2]]}, {"shapes": [[3], [2, 2]], "lr": 0.01}, {"shapes": [[2]], "weightDecay": 0.2}])
        add(name, "missing-gradients", {"lr": 0.1, **momentum}, [[2], [3]], missing={"0": [0, 2], "1": [1]})
        add(name, "objective", {"lr": 0.05, **momentum}, [[3], [2, 2]], objective="quadratic", steps=6)
    matrices = [[2, 3], [4, 2], [3, 3], [1, 5]]
    for variant, options in [
        ("default", {}),
        ("lr", {"lr": 0.02}),
        ("no-nesterov", {"lr": 0.02, "nesterov": False}),
        ("weightDecay", {"lr": 0.02, "weightDecay": 0.5, "momentum": 0.5}),
        ("match", {"lr": 0.02, "adjustLrFn": "match_rms_adamw"}),
        ("original", {"lr": 0.02, "adjustLrFn": "original"}),
        ("coefficients", {"lr": 0.02, "nsCoefficients": [2, -1.5, 0.5], "nsSteps": 3, "eps": 0.01}),
    ]:
        add("Muon", variant, options, matrices)
    add("Muon", "groups", {"lr": 0.02}, [{"shapes": [[3, 4]]}, {"shapes": [[4, 2]], "lr": 0.01, "nsSteps": 4, "weightDecay": 0}])
    add("Muon", "missing-gradients", {"lr": 0.02}, [[2, 2], [3, 2]], missing={"0": [0, 2], "1": [1]})
    add("SGD", "objective-quartic", {"lr": 0.05}, [[3]], objective="quartic", steps=6)
    add("LBFGS", "default", {}, [[3]], objective="quartic", steps=2)
    add("LBFGS", "strong-wolfe", {"lr": 1, "maxIter": 6, "lineSearchFn": "strong_wolfe"}, [[3], [2]], objective="quartic", steps=1)
    add("LBFGS", "history", {"lr": 0.3, "maxIter": 5, "historySize": 3}, [[4]], objective="quadratic", steps=3)
    for name in variants:
        add(name, "resume", {"lr": 0.1}, [{"shapes": [[2, 3]]}, {"shapes": [[3]], "lr": 0.05}], resume=2)
    for name in (*variants, "Muon"):
        add(name, "float64", {"lr": 0.1}, [[2, 3]], dtype="float64", resume=3)
    add("SGD", "float64-momentum", {"lr": 0.1, "momentum": 0.9, "weightDecay": 0.1}, dtype="float64")
    add("Adam", "float64-amsgrad", {"lr": 0.1, "amsgrad": True}, dtype="float64")
    add("Adafactor", "vector", {"lr": 0.1, "weightDecay": 0.1}, [[5], [], [1, 4], [3, 1]])
    add("Adafactor", "three-dimensional", {"lr": 0.1}, [[2, 3, 4]])
    add("SGD", "resume-momentum", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "foreach": True}, resume=3)
    add("Adam", "resume-amsgrad", {"lr": 0.1, "amsgrad": True, "fused": True}, resume=3)
    add("AdamW", "resume-hints", {"lr": 0.1, "foreach": False, "differentiable": False}, resume=1)
    add("RMSprop", "resume-momentum", {"lr": 0.1, "momentum": 0.9, "centered": True}, resume=2)
    add("Muon", "resume", {"lr": 0.02}, [[2, 3], [3, 2]], resume=2)
    add("LBFGS", "resume", {"lr": 0.3, "maxIter": 3}, [[4], [2]], objective="quadratic", steps=4, resume=2)
    add("LBFGS", "resume-wolfe", {"maxIter": 3, "lineSearchFn": "strong_wolfe", "historySize": 2}, [[3]], objective="quartic", steps=3, resume=1)
    return found
