"""Products of vectors and matrices."""

from draw import call, real
from family import Family

products = Family("products")


@products.operation("matmul", times=3)
def matmul(d, name):
    left, right = d.pick(
        ([3], [3]),
        ([3], [3, 2]),
        ([2, 3], [3]),
        ([2, 3], [3, 4]),
        ([4, 1, 2, 3], [5, 3, 2]),
        ([3], [2, 3, 4]),
        ([2, 5, 3], [3]),
        ([2, 2, 3], [3, 2]),
        ([2, 3], [4, 3, 5]),
    )
    return call(d.pick("torch.matmul", "linalg.matmul"), ["$x", "$y"], {"x": real(left), "y": real(right)}, order=2)


EQUATIONS = [
    ("ij,jk->ik", [2, 3], [3, 4]),
    ("bij,bjk", [2, 2, 3], [2, 3, 2]),
    ("...i,...i->...", [2, 3, 4], [3, 4]),
    ("ii,ij->j", [3, 3], [3, 2]),
    ("ab,cd->dbca", [2, 3], [4, 2]),
    ("i,j", [3], [2]),
    ("bhqd,bhkd->bhqk", [2, 2, 3, 4], [2, 2, 5, 4]),
    ("...ij,jk...->...ik", [2, 3], [3, 4]),
]


@products.operation("einsum", times=3)
def einsum(d, name):
    equation, left, right = d.pick(*EQUATIONS)
    return call("torch.einsum", [equation, "$x", "$y"], {"x": real(left), "y": real(right)}, order=2)


@products.operation("tensordot")
def tensordot(d, name):
    dims = d.pick(1, 2, [[2, 1], [0, 1]])
    return call("torch.tensordot", ["$x", "$y", {"dims": dims}], {"x": real([3, 3, 3]), "y": real([3, 3, 3])}, order=2)


# Of c + x @ y: the shapes that c may have, and those of x and y.
ADDED = {
    "addmm": ([[3, 4], [4], [3, 1]], [3, 2], [2, 4]),
    "addmv": ([[3], []], [3, 2], [2]),
    "addr": ([[3, 2], [2]], [3], [2]),
    "addbmm": ([[3, 4], [4]], [2, 3, 2], [2, 2, 4]),
    "baddbmm": ([[2, 3, 4], [1, 4], []], [2, 3, 2], [2, 2, 4]),
}


@products.operation(*ADDED)
def add_product(d, name):
    added, left, right = ADDED[name]
    inputs = {"c": real(d.pick(*added)), "x": real(left), "y": real(right)}
    return call(f"torch.{name}", ["$c", "$x", "$y", *d.trailing(beta=0.5, alpha=2)], inputs, order=2)


PAIRS = {
    **dict.fromkeys(["outer", "ger", "dot", "vdot", "inner"], ([3], [3])),
    "mv": ([2, 3], [3]),
    "mm": ([2, 3], [3, 4]),
    "bmm": ([2, 2, 3], [2, 3, 4]),
    "cross": ([2, 3], [2, 3]),
    "linalg.cross": ([2, 3], [1, 3]),
    "linalg.vecdot": ([2, 4], [2, 4]),
    "F.linear": ([2, 3], [4, 3]),
}


@products.operation(*PAIRS)
def pair(d, name):
    left, right = PAIRS[name]
    return call(name if "." in name else f"torch.{name}", ["$x", "$y"], {"x": real(left), "y": real(right)}, order=2)


@products.operation("kron")
def kron(d, name):
    return call("torch.kron", ["$x", "$y"], {"x": real(d.shape(2)), "y": real(d.shape(ranks=(1, 3), high=3))}, order=2)


@products.operation("linalg.multiDot", "chainMatmul")
def chain(d, name):
    a, b, c, e = d.shape(4)
    inputs = {"x": real([a, b]), "y": real([b, c]), "z": real([c, e])}
    if name == "chainMatmul":
        return call("torch.chainMatmul", ["$x", "$y", "$z"], inputs)
    return call(name, [["$x", "$y", "$z"]], inputs)


@products.operation("matrixPower", "linalg.matrixPower")
def matrix_power(d, name):
    x = {"x": real([*d.shape(ranks=(0, 1), high=2), 3, 3], "definite")}
    power = d.whole(-2, 4)
    return call("x.matrixPower", [power], x) if name == "matrixPower" else call(name, ["$x", power], x)


@products.operation("F.bilinear")
def bilinear(d, name):
    return call(name, ["$x", "$y", "$w"], {"x": real([4, 2]), "y": real([4, 3]), "w": real([5, 2, 3])})
