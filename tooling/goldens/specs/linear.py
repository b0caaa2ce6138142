"""Matrix products and their kin."""


def cases():
    out = []

    def add(identifier, call, args, shapes, error=None, torch_error=False, **more):
        inputs = {}
        for name, shape in zip("xyz", shapes):
            inputs[name] = shape if isinstance(shape, dict) else {"shape": list(shape)}
        made = {"id": identifier, "call": call, "args": args, "inputs": inputs, **more}
        if error is not None:
            made["error"] = error
        if torch_error is not False:
            made["torchError"] = torch_error
        out.append(made)

    def ints(*shape):
        return {"shape": list(shape), "dtype": "int32", "fill": "int:-4:5"}

    shapes = [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((5, 2, 3), (3,)), ((3,), (5, 3, 2)), ((2, 3), (5, 3, 2)), ((5, 2, 3), (5, 3, 4)), ((5, 1, 2, 3), (4, 3, 2)), ((1, 2, 3), (4, 3, 2)), ((2, 5, 2, 3), (3, 4))]
    for left, right in shapes:
        name = f"matmul/{'x'.join(map(str, left))}-{'x'.join(map(str, right))}"
        add(name, "x.matmul", ["$y"], [left, right], order=2)
    add("matmul/empty", "x.matmul", ["$y"], [(2, 0), (0, 3)])
    add("matmul/no-rows", "x.matmul", ["$y"], [(0, 2), (2, 3)])
    add("matmul/int", "x.matmul", ["$y"], [ints(2, 3), ints(3, 4)])
    add("matmul/int-batch", "x.matmul", ["$y"], [ints(5, 2, 3), ints(3, 4)])
    add("matmul/double", "x.matmul", ["$y"], [{"shape": [2, 3], "dtype": "float64"}, {"shape": [3, 2], "dtype": "float64"}])
    add("matmul/shapes", "x.matmul", ["$y"], [(2, 20), (30, 256)], error="mat1 and mat2 shapes cannot be multiplied (2x20 and 30x256)")
    add("matmul/folded", "x.matmul", ["$y"], [(4, 2, 20), (30, 256)], error="mat1 and mat2 shapes cannot be multiplied (8x20 and 30x256)")
    add("matmul/vector", "x.matmul", ["$y"], [(2, 3), (4,)], error="size mismatch, got input (2), mat (2x3), vec (4)")
    add("matmul/vectors", "x.matmul", ["$y"], [(3,), (4,)], error="inconsistent tensor size, expected tensor [3] and src [4] to have the same number of elements")
    add("matmul/scalar", "x.matmul", ["$y"], [(), (4,)], error="both arguments to matmul need to be at least 1D, but they are 0D and 1D")
    add("matmul/dtypes", "x.matmul", ["$y"], [(2, 3), ints(3, 2)], error="expected m1 and m2 to have the same dtype")
    add("matmul/batch", "x.matmul", ["$y"], [(2, 2, 3), (3, 3, 2)], error="The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0")
    add("mm", "x.mm", ["$y"], [(2, 3), (3, 4)])
    add("mm/rank", "x.mm", ["$y"], [(2, 2, 3), (3, 4)], error="self must be a matrix")
    add("mm/shapes", "x.mm", ["$y"], [(2, 3), (4, 3)], error="mat1 and mat2 shapes cannot be multiplied (2x3 and 4x3)")
    add("bmm", "x.bmm", ["$y"], [(5, 2, 3), (5, 3, 4)], order=2)
    add("bmm/rank", "x.bmm", ["$y"], [(2, 3), (5, 3, 4)], error="batch1 must be a 3D tensor")
    add("bmm/shapes", "x.bmm", ["$y"], [(5, 2, 3), (5, 2, 4)], error="Expected size for first two dimensions of batch2 tensor to be: [5, 3] but got: [5, 2].")
    add("mv", "x.mv", ["$y"], [(2, 3), (3,)])
    add("mv/shapes", "x.mv", ["$y"], [(2, 3), (4,)], error="size mismatch, got input (2), mat (2x3), vec (4)")
    add("dot", "x.dot", ["$y"], [(4,), (4,)], order=2)
    add("dot/int", "x.dot", ["$y"], [ints(4), ints(4)])
    add("dot/rank", "x.dot", ["$y"], [(2, 2), (4,)], error="1D tensors expected, but got 2D and 1D tensors")
    add("vdot", "x.vdot", ["$y"], [(4,), (4,)])
    add("inner/vectors", "x.inner", ["$y"], [(4,), (4,)])
    add("inner/matrices", "x.inner", ["$y"], [(2, 3), (4, 5, 3)])
    add("inner/scalar", "x.inner", ["$y"], [(2, 3), ()])
    add("inner/shapes", "x.inner", ["$y"], [(2, 3), (4,)], error="inner() the last dimension must match on both input tensors but got shapes [2, 3] and [4]")
    add("outer", "x.outer", ["$y"], [(2,), (3,)], order=2)
    add("outer/rank", "x.outer", ["$y"], [(2, 2), (3,)], error="Expected 1-D argument self, but got 2-D")
    add("ger", "x.ger", ["$y"], [(2,), (3,)])
    add("addmm", "x.addmm", ["$y", "$z"], [(2, 4), (2, 3), (3, 4)])
    add("addmm/broadcast", "x.addmm", ["$y", "$z", {"beta": 0.5, "alpha": 2}], [(4,), (2, 3), (3, 4)], order=2)
    add("addmm/beta0", "x.addmm", ["$y", "$z", {"beta": 0}], [{"fill": [["nan", 1], [2, "inf"]], "requiresGrad": False}, (2, 3), (3, 2)])
    add("addmm/shapes", "x.addmm", ["$y", "$z"], [(2, 4), (2, 3), (4, 4)], error="mat1 and mat2 shapes cannot be multiplied (2x3 and 4x4)")
    add("addmv", "x.addmv", ["$y", "$z", {"alpha": 3}], [(2,), (2, 3), (3,)])
    add("addr", "x.addr", ["$y", "$z", {"beta": 2}], [(2, 3), (2,), (3,)])
    add("baddbmm", "x.baddbmm", ["$y", "$z", {"beta": 0.5, "alpha": 2}], [(5, 2, 4), (5, 2, 3), (5, 3, 4)])
    add("addbmm", "x.addbmm", ["$y", "$z", {"beta": 0.5, "alpha": 2}], [(2, 4), (5, 2, 3), (5, 3, 4)])
    add("kron", "x.kron", ["$y"], [(2, 3), (3, 2)], order=2)
    add("kron/ranks", "x.kron", ["$y"], [(2,), (3, 2)])
    add("tensordot/2", "torch.tensordot", ["$x", "$y", {"dims": 2}], [(2, 3, 4), (3, 4, 5)])
    add("tensordot/default", "torch.tensordot", ["$x", "$y"], [(2, 3, 4), (3, 4, 5)])
    add("tensordot/0", "torch.tensordot", ["$x", "$y", 0], [(2,), (3,)])
    add("tensordot/lists", "torch.tensordot", ["$x", "$y", {"dims": [[1, 0], [0, -1]]}], [(2, 3, 4), (3, 5, 2)], order=2)
    add("tensordot/sizes", "torch.tensordot", ["$x", "$y", 1], [(2, 3), (2, 3)], error="contracted dimensions need to match, but first has size 3 in dim -1 and second has size 2 in dim 0")
    for n in (0, 1, 2, 5):
        add(f"matrixPower/{n}", "x.matrixPower", [n], [{"shape": [3, 3], "requiresGrad": n > 0}])
    add("matrixPower/batch", "x.matrixPower", [3], [(2, 3, 3)])
    add("cross", "x.cross", ["$y"], [(2, 3), (2, 3)], torchArgs=["$y", {"dim": 1}])
    add("cross/dim", "x.cross", ["$y", {"dim": 0}], [(3, 3), (3, 3)], order=2)
    add("cross/broadcast", "x.cross", ["$y", {"dim": -1}], [(2, 3), (1, 3)])
    add("cross/size", "x.cross", ["$y", {"dim": 0}], [(2, 3), (2, 3)], error="linalg.cross: inputs dimension 0 must have length 3. Got 2 and 2")
    add("chainMatmul", "torch.chainMatmul", ["$x", "$y", "$z"], [(2, 5), (5, 3), (3, 4)])
    add("multiDot", "linalg.multiDot", [["$x", "$y", "$z"]], [(2, 5), (5, 3), (3,)])
    for p in (2, 1, 0.5, 3, "inf"):
        add(f"cdist/p{p}", "torch.cdist", ["$x", "$y", {"p": p}], [(2, 4, 3), (2, 5, 3)])
    add("cdist/default", "torch.cdist", ["$x", "$y"], [(4, 3), (5, 3)])
    add("cdist/same", "torch.cdist", ["$x", "$x"], [(4, 3)])
    add("cdist/broadcast", "torch.cdist", ["$x", "$y"], [(2, 4, 3), (5, 3)])
    add("cdist/columns", "torch.cdist", ["$x", "$y"], [(4, 3), (5, 2)], error="X1 and X2 must have the same number of columns. X1: 3 X2: 2")
    for p in (2, 1, 0, 3, "inf", "-inf"):
        add(f"vectorNorm/{p}", "linalg.vectorNorm", ["$x", p, {"dim": 1}], [{"shape": [2, 3], "requiresGrad": p != 0}])
    add("vectorNorm/all", "linalg.vectorNorm", ["$x"], [(2, 3)])
    add("vectorNorm/keepdim", "linalg.vectorNorm", ["$x", {"ord": 2, "dim": [0, 1], "keepdim": True}], [(2, 3)])
    for p in ("fro", 1, -1, "inf", "-inf"):
        add(f"matrixNorm/{p}", "linalg.matrixNorm", ["$x", p], [(4, 2, 3)])
    add("linalg.norm", "linalg.norm", ["$x"], [(2, 3)])
    add("linalg.norm/dim", "linalg.norm", ["$x", {"dim": 1}], [(2, 3)])
    add("linalg.norm/ord", "linalg.norm", ["$x", 1], [(2, 3)])
    add("linalg.norm/fro", "linalg.norm", ["$x", "fro", {"keepdim": True}], [(2, 3)])

    def square(*shape):
        return {"shape": list(shape), "fill": "definite"}

    for name in ("inv", "det", "slogdet", "cholesky"):
        add(f"linalg.{name}", f"linalg.{name}", ["$x"], [square(3, 3)])
        add(f"linalg.{name}/batch", f"linalg.{name}", ["$x"], [square(2, 4, 4)])
        add(f"linalg.{name}/one", f"linalg.{name}", ["$x"], [{"fill": [[2.5]]}])
        add(f"linalg.{name}/rectangular", f"linalg.{name}", ["$x"], [(2, 3)], error="A must be batches of square matrices, but they are 2 by 3 matrices")
    pivoting = {"fill": [[0, 2, 1], [1, 0, 3], [4, 1, 0]]}
    for name in ("inv", "det", "slogdet"):
        add(f"linalg.{name}/pivoting", f"linalg.{name}", ["$x"], [pivoting], order=2)
    for name in ("det", "slogdet", "logdet", "inverse"):
        add(name, f"x.{name}", [], [square(3, 3)])
    add("logdet/negative", "x.logdet", [], [{"fill": [[1, 2], [3, 1]], "requiresGrad": False}])
    add("linalg.solve", "linalg.solve", ["$x", "$y"], [pivoting, (3, 2)], order=2)
    add("linalg.solve/vector", "linalg.solve", ["$x", "$y"], [pivoting, (3,)])
    add("linalg.solve/batch", "linalg.solve", ["$x", "$y"], [square(2, 3, 3), (2, 3, 2)])
    add("linalg.solve/broadcast", "linalg.solve", ["$x", "$y"], [square(2, 3, 3), (3, 2)])
    add("linalg.cholesky/upper", "linalg.cholesky", ["$x", {"upper": True}], [square(3, 3)])
    for upper in (True, False):
        add(f"linalg.solveTriangular/{upper}", "linalg.solveTriangular", ["$x", "$y", {"upper": upper}], [square(3, 3), (3, 2)])
    add("linalg.solveTriangular/unit", "linalg.solveTriangular", ["$x", "$y", {"upper": False, "unitriangular": True}], [square(3, 3), (3, 2)])
    add("linalg.solveTriangular/right", "linalg.solveTriangular", ["$x", "$y", {"upper": True, "left": False}], [square(3, 3), (2, 3)])
    add("linalg.diagonal", "linalg.diagonal", ["$x", {"offset": 1}], [(2, 3, 3)])
    add("linalg.norm/positional", "linalg.norm", ["$x", 1, 1, True], [(2, 3)])
    add("linalg.vecdot", "linalg.vecdot", ["$x", "$y"], [(2, 3), (2, 3)])
    add("linalg.cross", "linalg.cross", ["$x", "$y"], [(2, 3), (2, 3)])
    clone = {"shape": [2, 4], "clone": True}
    add("addmm_", "x.addmm_", ["$y", "$z", {"alpha": 2}], [clone, (2, 3), (3, 4)], after=["x"])
    add("fillDiagonal_", "x.fillDiagonal_", [5], [{"shape": [3, 4], "clone": True}], after=["x"])
    add("fillDiagonal_/tall", "x.fillDiagonal_", [5], [{"shape": [7, 3], "clone": True}], after=["x"])
    add("fillDiagonal_/wrap", "x.fillDiagonal_", [5, {"wrap": True}], [{"shape": [7, 3], "clone": True}], after=["x"])
    add("fillDiagonal_/cube", "x.fillDiagonal_", [5], [{"shape": [3, 3, 3], "clone": True}], after=["x"])
    return out
