"""Learning rate schedules."""


def cases():
    found = []

    def add(name, variant, args, **more):
        found.append({"id": f"{name}/{variant}", "scheduler": name, "args": args, **more})

    two = {"lrs": [0.1, 1.0]}
    add("StepLR", "plain", [3], **two)
    add("StepLR", "gamma", [2, {"gamma": 0.5}], **two)
    add("MultiStepLR", "plain", [[2, 5]], **two)
    add("MultiStepLR", "repeated", [[3, 3, 6], {"gamma": 0.5}], **two)
    add("ConstantLR", "default", [], **two)
    add("ConstantLR", "options", [{"factor": 0.5, "totalIters": 3}], **two)
    add("LinearLR", "default", [], **two)
    add("LinearLR", "options", [{"startFactor": 0.2, "endFactor": 0.8, "totalIters": 4}], **two)
    add("ExponentialLR", "plain", [0.9], **two)
    add("PolynomialLR", "default", [], **two)
    add("PolynomialLR", "options", [{"totalIters": 4, "power": 2}], **two)
    add("CosineAnnealingLR", "plain", [5], steps=14, **two)
    add("CosineAnnealingLR", "etaMin", [4, {"etaMin": 0.01}], steps=14, **two)
    add("CosineAnnealingWarmRestarts", "plain", [3], steps=14, **two)
    add("CosineAnnealingWarmRestarts", "mult", [2, {"tMult": 2, "etaMin": 0.01}], steps=16, **two)
    add("LambdaLR", "power", [{"lambda": ["power", 0.95]}], **two)
    add("LambdaLR", "two", [[{"lambda": ["power", 0.9]}, {"lambda": ["inverse", 0.5]}]], **two)
    add("MultiplicativeLR", "plain", [{"lambda": ["constant", 0.9]}], **two)
    add("CyclicLR", "triangular", [0.01, 0.1, {"stepSizeUp": 3}], steps=14)
    add("CyclicLR", "triangular2", [0.01, 0.1, {"stepSizeUp": 2, "stepSizeDown": 3, "mode": "triangular2"}], steps=14)
    add("CyclicLR", "exp-range", [0.01, 0.1, {"stepSizeUp": 2, "mode": "exp_range", "gamma": 0.9}], steps=14)
    add("CyclicLR", "momentum", [0.01, 0.1, {"stepSizeUp": 3, "cycleMomentum": True}], steps=10, options={"momentum": 0.9}, momentum=True)
    add("OneCycleLR", "total", [0.5, {"totalSteps": 10}], options={"momentum": 0.9}, steps=9, momentum=True)
    add("OneCycleLR", "epochs", [0.5, {"epochs": 2, "stepsPerEpoch": 5, "pctStart": 0.4}], options={"momentum": 0.9}, steps=9, momentum=True)
    add("OneCycleLR", "linear", [0.5, {"totalSteps": 10, "annealStrategy": "linear", "divFactor": 10, "finalDivFactor": 100}], optimizer="Adam", steps=9, momentum=True)
    add("OneCycleLR", "three-phase", [0.5, {"totalSteps": 12, "threePhase": True}], options={"momentum": 0.9}, steps=11, momentum=True)
    plateau = [1, 0.9, 0.9, 0.95, 0.9, 0.91, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    add("ReduceLROnPlateau", "default", [{"patience": 2}], metrics=plateau, steps=12)
    add("ReduceLROnPlateau", "max", [{"mode": "max", "patience": 1, "factor": 0.5}], metrics=plateau, steps=12)
    add("ReduceLROnPlateau", "cooldown", [{"patience": 0, "cooldown": 2, "minLr": 0.02, "factor": 0.5}], metrics=plateau, steps=12)
    add("ReduceLROnPlateau", "absolute", [{"patience": 1, "threshold": 0.2, "thresholdMode": "abs"}], metrics=plateau, steps=12)
    add("SequentialLR", "warmup", [[{"scheduler": "ConstantLR", "args": [{"factor": 0.1, "totalIters": 2}]}, {"scheduler": "ExponentialLR", "args": [0.9]}], [3]], steps=8)
    add("SequentialLR", "three", [[{"scheduler": "LinearLR", "args": [{"totalIters": 2}]}, {"scheduler": "StepLR", "args": [2]}, {"scheduler": "ExponentialLR", "args": [0.5]}], [2, 6]], steps=10)
    add("ChainedScheduler", "two", [[{"scheduler": "ConstantLR", "args": [{"factor": 0.1, "totalIters": 3}]}, {"scheduler": "ExponentialLR", "args": [0.9]}]], steps=8)
    for case in found:
        case.setdefault("steps", 10)
    return found
