"""Optimizers and schedulers."""

from family import Family

training = Family("training")

# What each optimizer may be given besides a rate.
OPTIMIZERS = {
    "SGD": {"momentum": 0.7, "dampening": 0.2, "weightDecay": 0.02},
    "Adam": {"betas": [0.7, 0.95], "eps": 1e-3, "amsgrad": True, "weightDecay": 0.1},
    "AdamW": {"betas": [0.7, 0.95], "eps": 1e-3, "amsgrad": True, "weightDecay": 0.1},
    "NAdam": {"betas": [0.7, 0.95], "eps": 1e-3, "decoupledWeightDecay": True, "momentumDecay": 0.02, "weightDecay": 0.1},
    "RAdam": {"betas": [0.7, 0.95], "eps": 1e-3, "decoupledWeightDecay": True, "weightDecay": 0.1},
    "Adamax": {"betas": [0.7, 0.95], "eps": 1e-3, "weightDecay": 0.02},
    "Adagrad": {"lrDecay": 0.1, "initialAccumulatorValue": 0.2, "eps": 1e-3, "weightDecay": 0.02},
    "Adadelta": {"rho": 0.7, "eps": 1e-3, "weightDecay": 0.02},
    "RMSprop": {"alpha": 0.8, "eps": 1e-3, "momentum": 0.5, "centered": True, "weightDecay": 0.02},
    "ASGD": {"lambd": 0.01, "alpha": 0.6, "t0": 2, "weightDecay": 0.02},
    "Rprop": {"etas": [0.4, 1.3], "stepSizes": [1e-4, 0.5]},
    "Adafactor": {"beta2Decay": -0.7, "d": 1.5, "weightDecay": 0.02},
    "Muon": {"momentum": 0.8, "nesterov": False, "nsSteps": 3, "weightDecay": 0.1},
}


@training.operation(*OPTIMIZERS, times=2)
def optimizer(d, name):
    options = d.options(lr=d.pick(0.1, 0.03, 0.3), maximize=True, **OPTIMIZERS[name])
    if name == "SGD":
        options["lr"] = 0.1
        if d.chance(0.4):
            options |= {"momentum": 0.8, "nesterov": True}
            options.pop("dampening", None)
    if name == "Muon":
        options.pop("maximize", None)
    params = [[2, 3], [3, 3]] if name == "Muon" else [[2, 3], [4], []]
    return {"optimizer": name, "options": options, "params": params, **d.options(resume=d.whole(1, 3))}


@training.operation("SequentialLR", "ChainedScheduler")
def nested(d, name):
    inner = [{"scheduler": "LinearLR", "args": [{"totalIters": d.whole(1, 5)}]}, {"scheduler": "ExponentialLR", "args": [d.pick(0.9, 0.5)]}]
    arguments = [inner, {"milestones": [d.whole(1, 6)]}] if name == "SequentialLR" else [inner]
    return {"scheduler": name, "args": arguments, "lrs": d.pick([0.1], [0.1, 1]), "steps": 10}


@training.operation("StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "ExponentialLR", "PolynomialLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR", "ReduceLROnPlateau", "LambdaLR", "MultiplicativeLR")
def scheduler(d, name):
    arguments = {
        "StepLR": [d.whole(1, 4), d.options(gamma=0.5)],
        "MultiStepLR": [sorted(d.some(range(1, 10), 3)), d.options(gamma=0.5)],
        "ConstantLR": d.trailing(factor=0.5, totalIters=d.whole(1, 6)),
        "LinearLR": d.trailing(startFactor=0.25, endFactor=0.8, totalIters=d.whole(1, 6)),
        "ExponentialLR": [0.8],
        "PolynomialLR": d.trailing(totalIters=d.whole(2, 8), power=2),
        "CosineAnnealingLR": [d.whole(2, 9), d.options(etaMin=0.01)],
        "CosineAnnealingWarmRestarts": [d.whole(1, 4), d.options(tMult=2, etaMin=0.01)],
        "CyclicLR": [0.01, 0.2, {"stepSizeUp": d.whole(1, 4), "cycleMomentum": False, **d.options(mode=d.pick("triangular2", "exp_range"), gamma=0.9, stepSizeDown=3)}],
        "OneCycleLR": [0.3, {"totalSteps": 10, "cycleMomentum": False, **d.options(pctStart=0.4, annealStrategy="linear", threePhase=True, divFactor=10, finalDivFactor=100)}],
        "ReduceLROnPlateau": d.trailing(factor=0.5, patience=d.whole(0, 2), threshold=0.1, thresholdMode="abs", cooldown=1, minLr=0.01),
        "LambdaLR": [{"lambda": [d.pick("power", "inverse"), 0.9]}],
        "MultiplicativeLR": [{"lambda": ["constant", 0.9]}],
    }
    case = {"scheduler": name, "args": arguments[name], "lrs": d.pick([0.1], [0.1, 1]), "steps": 10}
    if name == "ReduceLROnPlateau":
        case["metrics"] = [d.pick(1, 0.9, 0.5, 2) for _ in range(10)]
    return case
