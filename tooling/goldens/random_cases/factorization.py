"""Factors, inverses, solutions: matrices are definite, so that their numbers are decided by more than rounding."""

from draw import call, constant, real
from family import Family

factorization = Family("factorization")


def matrices(d):
    size = d.whole(2, 4)
    return real([*d.shape(ranks=(0, 2), high=2), size, size], "definite")


@factorization.operation("linalg.inv", "linalg.det", "linalg.slogdet", "linalg.cholesky", "linalg.pinv", "linalg.matrixExp", "linalg.cond", "linalg.matrixRank", "linalg.eigvalsh", "linalg.svdvals")
def of_one(d, name):
    return call(name, ["$x"], {"x": matrices(d)})


@factorization.operation("inverse", "det", "logdet", "slogdet", "cholesky", "pinverse", "matrixExp")
def method(d, name):
    return call(f"x.{name}", [], {"x": matrices(d)})


@factorization.operation("linalg.invEx", "linalg.choleskyEx", "linalg.luFactor", "linalg.luFactorEx", "linalg.lu", "linalg.qr")
def factors(d, name):
    return call(name, ["$x"], {"x": matrices(d)})


@factorization.operation("linalg.eigh", "linalg.svd")
def decomposition(d, name):
    squared = ["eigenvectors"] if name == "linalg.eigh" else ["U", "Vh"]
    return call(name, ["$x"], {"x": matrices(d)}, squared=squared)


@factorization.operation("linalg.solve", "linalg.solveEx", "linalg.lstsq", "linalg.solveTriangular", "choleskySolve", "triangularSolve", times=2)
def solution(d, name):
    x = matrices(d)
    right = real([*x["shape"][:-1], d.whole(1, 3)])
    if name == "triangularSolve":
        return call("y.triangularSolve", ["$x", *d.trailing(upper=False, transpose=True, unitriangular=True)], {"x": x, "y": right})
    if name == "choleskySolve":
        return call("y.choleskySolve", ["$x", *d.trailing(upper=True)], {"x": x, "y": right})
    if name == "linalg.lstsq":
        rows = x["shape"][-1]
        tall = real([*x["shape"][:-2], rows + 3, rows])
        return call(name, ["$x", "$y"], {"x": tall, "y": real([*x["shape"][:-2], rows + 3, 2])})
    more = [{"upper": d.chance(0.5), **d.options(unitriangular=True)}] if name == "linalg.solveTriangular" else []
    return call(name, ["$x", "$y", *more], {"x": x, "y": right})


@factorization.operation("linalg.norm", "linalg.matrixNorm", times=2)
def matrix_norm(d, name):
    return call(name, ["$x", d.pick("fro", "nuc", 1, -1, 2, -2, "inf", "-inf"), *d.trailing(keepdim=True)], {"x": real([d.whole(2, 4), d.whole(2, 4)], "distinct")})


@factorization.operation("linalg.vander", "vander")
def vander(d, name):
    more = d.trailing(N=d.whole(2, 5)) if name == "linalg.vander" else d.pick([], [4])
    return call(name if "." in name else "torch.vander", ["$x", *more], {"x": constant(d.shape(1), "uniform:-1.5:1.5")})


@factorization.operation("linalg.tensorinv", "linalg.tensorsolve", "choleskyInverse")
def tensor_equation(d, name):
    if name == "choleskyInverse":
        return call("x.choleskyInverse", d.trailing(upper=True), {"x": real([3, 3], "definite")})
    # The square matrix that this is when flattened has some condition, by the seed; what rounding decides is left out.
    if name == "linalg.tensorinv":
        return call(name, ["$x", {"ind": 1}], {"x": real([4, 2, 2])})
    return call(name, ["$x", "$y"], {"x": real([2, 2, 4]), "y": real([2, 2])})
