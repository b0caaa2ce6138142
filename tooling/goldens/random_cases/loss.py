"""Losses."""

from draw import constant, integers, layer, real
from family import Family

loss = Family("loss")


def reduction(d):
    return d.options(reduction=d.pick("mean", "sum", "none"))


def shape_of(d):
    return [d.whole(2, 4), d.whole(3, 5)]


def signs(shape):
    return constant(shape, "sign")


@loss.operation("L1Loss", "MSELoss", "SmoothL1Loss", "HuberLoss", times=2)
def difference(d, name):
    shape = shape_of(d)
    more = {"SmoothL1Loss": d.options(beta=0.5), "HuberLoss": d.options(delta=0.7)}.get(name, {})
    return layer(name, [{**reduction(d), **more}], [real(shape), real(shape)], order=d.order())


@loss.operation("CrossEntropyLoss", "NLLLoss", times=5)
def classes(d, name):
    count = d.whole(3, 5)
    shape = d.pick([3, count], [count], [3, count, *d.shape(ranks=(1, 2), high=3)])
    places = [] if len(shape) == 1 else [3, *shape[2:]]
    options = reduction(d)
    target = integers(places, 0, count)
    inputs = {"x": real(shape), "t": target}
    if name == "CrossEntropyLoss":
        options |= d.options(labelSmoothing=0.1)
        if d.chance(0.25):
            inputs["t"] = real(shape, "probability", requiresGrad=d.chance(0.5))
    if inputs["t"] is target and d.chance(0.4):
        options["ignoreIndex"] = d.whole(0, count - 1)
    if d.chance(0.4):
        options["weight"] = "$w"
        inputs["w"] = constant([count], "positive")
    return layer(name, [options], inputs, forward=["$x", "$t"], order=d.order())


@loss.operation("BCELoss", "BCEWithLogitsLoss", times=2)
def binary(d, name):
    shape = shape_of(d)
    options = reduction(d)
    if name == "BCELoss":
        return layer(name, [options], [real(shape, "uniform:0.05:0.95"), constant(shape, "rand")], order=d.order())
    inputs = {"x": real(shape), "t": constant(shape, "rand"), "w": constant(shape[1:], "positive")}
    return layer(name, [{**options, **d.options(posWeight="$w")}], inputs, forward=["$x", "$t"], order=d.order())


@loss.operation("KLDivLoss")
def divergence(d, name):
    shape = shape_of(d)
    logarithmic = d.chance(0.5)
    options = {"reduction": d.pick("batchmean", "sum", "none"), **({"logTarget": True} if logarithmic else {})}
    return layer(name, [options], [real(shape, "logProbability"), constant(shape, "logProbability" if logarithmic else "probability")], order=d.order())


@loss.operation("PoissonNLLLoss")
def poisson(d, name):
    shape = shape_of(d)
    return layer(name, [{**reduction(d), **d.options(logInput=False, full=True)}], [real(shape, "positive"), constant(shape, "uniform:0.3:3")])


@loss.operation("GaussianNLLLoss")
def gaussian(d, name):
    shape = shape_of(d)
    return layer(name, [{**reduction(d), **d.options(full=True, eps=1e-4)}], [real(shape), real(shape), real(d.pick(shape, [shape[0], 1]), "positive")])


@loss.operation("HingeEmbeddingLoss", "SoftMarginLoss")
def signed(d, name):
    shape = shape_of(d)
    margin = d.options(margin=0.7) if name == "HingeEmbeddingLoss" else {}
    return layer(name, [{**reduction(d), **margin}], [real(shape), signs(shape)])


@loss.operation("MultiMarginLoss", "MultiLabelMarginLoss", "MultiLabelSoftMarginLoss")
def multiple(d, name):
    shape = shape_of(d)
    rows, columns = shape
    if name == "MultiMarginLoss":
        return layer(name, [{**reduction(d), **d.options(margin=0.7, p=2)}], [real(shape), integers([rows], 0, columns)])
    if name == "MultiLabelMarginLoss":
        labels = [[d.whole(0, columns - 1), -1, *[0] * (columns - 2)] for _ in range(rows)]
        return layer(name, [reduction(d)], [real(shape), {"fill": labels, "dtype": "int32"}])
    return layer(name, [reduction(d)], [real(shape), constant(shape, "int:0:2")])


@loss.operation("MarginRankingLoss")
def ranking(d, name):
    return layer(name, [{**reduction(d), **d.options(margin=0.3)}], [real([4]), real([4]), signs([4])])


@loss.operation("TripletMarginLoss", "TripletMarginWithDistanceLoss")
def triplet(d, name):
    shape = shape_of(d)
    offered = {"margin": 0.7, "swap": True, "p": d.pick(1, 2, 3) if name == "TripletMarginLoss" else None}
    return layer(name, [{**reduction(d), **d.options(**offered)}], [real(shape), real(shape), real(shape)])


@loss.operation("CosineEmbeddingLoss")
def cosine(d, name):
    shape = shape_of(d)
    return layer(name, [{**reduction(d), **d.options(margin=0.2)}], [real(shape), real(shape), signs(shape[:1])])


@loss.operation("CTCLoss", times=2)
def alignment(d, name):
    steps, batch, classes, longest = d.whole(5, 8), 2, 4, 3
    options = {**reduction(d), **d.options(blank=d.pick(0, 3), zeroInfinity=True)}
    targets = integers([batch, longest], 1, 3)
    lengths = [{"fill": [steps, steps - 1], "dtype": "int32"}, {"fill": [longest, d.whole(1, 3)], "dtype": "int32"}]
    return layer(name, [options], [real([steps, batch, classes], "logProbability"), targets, *lengths])


@loss.operation("AdaptiveLogSoftmaxWithLoss")
def adaptive(d, name):
    return layer(name, [4, 10, [3, 6], *d.trailing(divValue=2, headBias=True)], [real([5, 4]), integers([5], 0, 10)])
