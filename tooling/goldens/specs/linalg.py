"""Decompositions of matrices, and what is made of them."""

from _layers import Cases


def real(*shape, **more):
    return {"shape": list(shape), **more}


def double(*shape, **more):
    return {"shape": list(shape), "dtype": "float64", **more}


def given(rows, **more):
    return {"fill": rows, **more}


def cases():
    found = Cases()
    eigen(found)
    singular(found)
    norms(found)
    pseudoinverses(found)
    least_squares(found)
    triangular(found)
    equations(found)
    others(found)
    # With this seed no matrix is ill-conditioned.
    return [{"seed": 3, **case} for case in found]


def eigen(found):
    vectors = {"squared": ["eigenvectors"]}
    for n in (1, 2, 3, 4, 5, 8):
        found.call(f"eigh/{n}", "linalg.eigh", ["$x"], {"x": real(n, n, fill="symmetric")}, **vectors)
        found.call(f"eigh/{n}-double", "linalg.eigh", ["$x"], {"x": double(n, n, fill="symmetric")}, order=2, **vectors)
        found.call(f"eigvalsh/{n}", "linalg.eigvalsh", ["$x"], {"x": real(n, n, fill="symmetric")})
        found.call(f"eigvalsh/{n}-double", "linalg.eigvalsh", ["$x"], {"x": double(n, n, fill="symmetric")}, order=2)
    found.call("eigh/batch", "linalg.eigh", ["$x"], {"x": real(2, 3, 3, fill="symmetric")}, **vectors)
    found.call("eigh/batches", "linalg.eigh", ["$x"], {"x": double(2, 2, 3, 3, fill="symmetric")}, order=2, **vectors)
    found.call("eigh/lower", "linalg.eigh", ["$x"], {"x": double(3, 3)}, **vectors)
    found.call("eigh/upper", "linalg.eigh", ["$x", {"UPLO": "U"}], {"x": double(3, 3)}, **vectors)
    found.call("eigh/upper-positional", "linalg.eigh", ["$x", "U"], {"x": real(3, 3)}, **vectors)
    found.call("eigvalsh/upper", "linalg.eigvalsh", ["$x", "U"], {"x": real(3, 3)})
    found.call("eigh/none", "linalg.eigh", ["$x"], {"x": real(0, 0)}, **vectors)
    found.call("eigh/no-matrices", "linalg.eigh", ["$x"], {"x": real(0, 3, 3)}, **vectors)
    found.call("eigvalsh/none", "linalg.eigvalsh", ["$x"], {"x": real(2, 0, 0, requiresGrad=False)})
    found.call("eigvalsh/definite", "linalg.eigvalsh", ["$x"], {"x": real(6, 6, fill="definite")})
    found.call("eigvalsh/repeated", "linalg.eigvalsh", ["$x"], {"x": given([[2, 0, 0], [0, 2, 0], [0, 0, 5]])})
    found.call("eigvalsh/identity", "linalg.eigvalsh", ["$x"], {"x": given([[1, 0, 0], [0, 1, 0], [0, 0, 1]], requiresGrad=False)})
    found.call("eigvalsh/zeros", "linalg.eigvalsh", ["$x"], {"x": real(3, 3, fill="full:0", requiresGrad=False)})
    found.call("eigvalsh/ones", "linalg.eigvalsh", ["$x"], {"x": real(4, 4, fill="full:1", requiresGrad=False)})
    found.call("eigvalsh/16", "linalg.eigvalsh", ["$x"], {"x": real(16, 16, fill="symmetric")})
    found.call("eigvalsh/large-numbers", "linalg.eigvalsh", ["$x"], {"x": given([[1e20, 2e20], [2e20, -3e20]])})
    found.call("eigvalsh/small-numbers", "linalg.eigvalsh", ["$x"], {"x": given([[1e-20, 2e-20], [2e-20, -3e-20]], dtype="float64")})
    hilbert = [[1 / (i + j + 1) for j in range(6)] for i in range(6)]
    found.call("eigvalsh/hilbert", "linalg.eigvalsh", ["$x"], {"x": given(hilbert, requiresGrad=False)})
    found.call("eigvalsh/hilbert-double", "linalg.eigvalsh", ["$x"], {"x": given(hilbert, dtype="float64")})
    # Up to this size the signs are LAPACK's.
    found.call("eigh/signs", "linalg.eigh", ["$x"], {"x": real(20, 2, 2, fill="symmetric")})
    found.call("eigh/signs-double", "linalg.eigh", ["$x"], {"x": double(5, 2, 2, fill="symmetric")}, order=2)
    for rows in ([[2, 1], [1, 2]], [[2, -1], [-1, 2]], [[0, 1], [1, 0]], [[3, 0], [0, 1]], [[-1, 2], [2, -1]]):
        name = "-".join(str(x) for row in rows for x in row)
        found.call(f"eigh/signs-{name}", "linalg.eigh", ["$x"], {"x": given(rows)})
    for name in ("eigh", "eigvalsh"):
        found.call(f"{name}/rectangular", f"linalg.{name}", ["$x"], {"x": real(2, 3)}, error="A must be batches of square matrices, but they are 2 by 3 matrices")
        found.call(f"{name}/vector", f"linalg.{name}", ["$x"], {"x": real(3)}, error="The input tensor A must have at least 2 dimensions.")
        found.call(f"{name}/triangle", f"linalg.{name}", ["$x", "X"], {"x": real(3, 3)}, error="Expected UPLO argument to be 'L' or 'U', but got X")
    general = {"squared": ["eigenvalues", "eigenvectors"]}
    found.call("eig/6", "linalg.eig", ["$x"], {"x": double(6, 6)}, **general)
    for n in (1, 2, 3, 4):
        found.call(f"eig/{n}", "linalg.eig", ["$x"], {"x": real(n, n)}, **general)
        found.call(f"eig/{n}-double", "linalg.eig", ["$x"], {"x": double(n, n)}, order=2, **general)
    found.call("eig/batch", "linalg.eig", ["$x"], {"x": double(2, 3, 3)}, order=2, **general)
    found.call("eig/rotation", "linalg.eig", ["$x"], {"x": given([[0, -1, 0], [1, 0, 0], [0, 0, 0.5]], dtype="float64")}, order=2, **general)
    found.call("eig/cycle", "linalg.eig", ["$x"], {"x": given([[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], dtype="float64")}, **general)
    found.call("eig/triangle", "linalg.eig", ["$x"], {"x": given([[1, 2, 3], [0, 4, 5], [0, 0, 6]])}, **general)
    found.call("eig/companion", "linalg.eig", ["$x"], {"x": given([[10, -35, 50, -24], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], dtype="float64")}, **general)
    found.call("eig/symmetric", "linalg.eig", ["$x"], {"x": double(4, 4, fill="symmetric")}, **general)
    found.call("eig/none", "linalg.eig", ["$x"], {"x": real(0, 0, requiresGrad=False)}, **general)
    found.call("eigvals/order", "linalg.eigvals", ["$x"], {"x": given([[5, 1], [0, 2]])})
    found.call("eigvals/pair", "linalg.eigvals", ["$x"], {"x": given([[1, -2], [3, 1]], dtype="float64")}, order=2)
    for name in ("eig", "eigvals"):
        found.call(f"{name}/rectangular", f"linalg.{name}", ["$x"], {"x": real(2, 3)}, error=f"linalg.{'eig' if name == 'eig' else 'eigvals'}: A must be batches of square matrices, but they are 2 by 3 matrices", torchError="A must be batches of square matrices, but they are 2 by 3 matrices")


def singular(found):
    vectors = {"squared": ["U", "Vh"]}
    reduced = {"fullMatrices": False}
    for shape in ([1, 1], [2, 2], [3, 3], [4, 2], [2, 4], [5, 3], [3, 5], [5, 1], [1, 4], [2, 3, 2], [2, 2, 2, 4], [6, 6]):
        name = "x".join(map(str, shape))
        found.call(f"svd/{name}", "linalg.svd", ["$x", reduced], {"x": real(*shape)}, **vectors)
        found.call(f"svd/{name}-double", "linalg.svd", ["$x", reduced], {"x": double(*shape)}, order=2, **vectors)
        found.call(f"svdvals/{name}", "linalg.svdvals", ["$x"], {"x": real(*shape)})
        found.call(f"svdvals/{name}-double", "linalg.svdvals", ["$x"], {"x": double(*shape)}, order=2)
    for shape in ([2, 2], [3, 2], [5, 2], [2, 3], [2, 6], [4, 1], [1, 3], [1, 1]):
        name = "x".join(map(str, shape))
        found.call(f"svd/signs-{name}", "linalg.svd", ["$x", reduced], {"x": real(10, *shape)})
        found.call(f"svd/signs-{name}-double", "linalg.svd", ["$x", reduced], {"x": double(3, *shape)}, order=2)
    for rows in ([[1, 2], [3, 4]], [[1, 2], [3, 4], [5, 6]], [[1, 2, 3], [4, 5, 6]], [[3, 0], [4, 5]], [[1, 0], [0, 3]], [[3, 0], [0, 1]]):
        name = "-".join(str(x) for row in rows for x in row)
        found.call(f"svd/signs-{len(rows)}-rows-{name}", "linalg.svd", ["$x", reduced], {"x": given(rows)})
    found.call("svd/default", "linalg.svd", ["$x"], {"x": real(3, 3)}, **vectors)
    found.call("svd/positional", "linalg.svd", ["$x", False], {"x": real(3, 2)}, **vectors)
    found.call("svdvals/repeated", "linalg.svdvals", ["$x"], {"x": given([[0, 2, 0], [2, 0, 0], [0, 0, 5]], requiresGrad=False)})
    found.call("svdvals/zeros", "linalg.svdvals", ["$x"], {"x": real(3, 2, fill="full:0", requiresGrad=False)})
    found.call("svdvals/deficient", "linalg.svdvals", ["$x"], {"x": real(4, 3, fill="deficient", requiresGrad=False)})
    found.call("svdvals/ones", "linalg.svdvals", ["$x"], {"x": real(4, 3, fill="full:1", requiresGrad=False)})
    found.call("svdvals/none", "linalg.svdvals", ["$x"], {"x": real(0, 3, requiresGrad=False)})
    found.call("svdvals/no-matrices", "linalg.svdvals", ["$x"], {"x": real(0, 2, 3, requiresGrad=False)})
    found.call("svd/none", "linalg.svd", ["$x"], {"x": real(3, 0, requiresGrad=False)}, **vectors)
    found.call("svdvals/12x9", "linalg.svdvals", ["$x"], {"x": real(12, 9)})
    found.call("svdvals/graded", "linalg.svdvals", ["$x"], {"x": given([[1, 1e-3, 2e-6], [1, 3e-3, -1e-6], [1, -2e-3, 1e-6]], dtype="float64")})
    found.call("svd/vector", "linalg.svd", ["$x"], {"x": real(3)}, error="linalg.svd: The input tensor A must have at least 2 dimensions.")
    for name in ("svd", "svdvals"):
        found.call(f"{name}/driver", f"linalg.{name}", ["$x", {"driver": "gesvd"}], {"x": real(3, 2)}, error="keyword argument `driver=` is only supported on CUDA inputs")
    found.call("torch.svd", "torch.svd", ["$x"], {"x": real(4, 2)}, squared=["U", "V"])
    found.call("torch.svd/wide", "x.svd", [], {"x": double(2, 4)}, order=2, squared=["U", "V"])
    found.call("torch.svd/all", "torch.svd", ["$x", {"some": False}], {"x": double(3, 3)}, squared=["U", "V"])
    found.call("torch.svd/values", "torch.svd", ["$x", {"computeUv": False}], {"x": real(3, 2, requiresGrad=False)})


def norms(found):
    for order in (2, -2, "nuc"):
        found.call(f"matrixNorm/{order}", "linalg.matrixNorm", ["$x", order], {"x": real(2, 3, 4)})
        found.call(f"matrixNorm/{order}-double", "linalg.matrixNorm", ["$x", order], {"x": double(4, 3)}, order=2)
        found.call(f"matrixNorm/{order}-dim", "linalg.matrixNorm", ["$x", order, {"dim": [2, 0]}], {"x": real(3, 2, 4)})
        found.call(f"matrixNorm/{order}-keepdim", "linalg.matrixNorm", ["$x", order, {"dim": [0, 2], "keepdim": True}], {"x": real(3, 2, 4)})
        found.call(f"linalg.norm/{order}", "linalg.norm", ["$x", order], {"x": real(3, 4)})
    found.call("matrixNorm/order", "linalg.matrixNorm", ["$x", 3], {"x": real(2, 3)}, error="linalg.matrix_norm: Order 3 not supported.")
    found.call("matrixNorm/name", "linalg.matrixNorm", ["$x", "bad"], {"x": real(2, 3)}, error="linalg.matrix_norm: Order bad not supported.")
    found.call("matrixNorm/equal-values", "linalg.matrixNorm", ["$x", "nuc"], {"x": given([[0, 2, 0], [2, 0, 0], [0, 0, 2]])})
    found.call("norm/nuc", "torch.norm", ["$x", "nuc"], {"x": real(3, 4)})
    found.call("norm/nuc-dim", "torch.norm", ["$x", "nuc", {"dim": [0, 2]}], {"x": real(3, 2, 4)})
    found.call("norm/nuc-keepdim", "x.norm", ["nuc", {"dim": [0, 2], "keepdim": True}], {"x": real(3, 2, 4)})
    for p in (None, 2, -2, "fro", "nuc", 1, -1, "inf", "-inf"):
        # PyTorch's gradient of the others fails: it overwrites the inverse in place.
        more = {"requiresGrad": p in (None, 2, -2, "nuc")}
        found.call(f"cond/{p}", "linalg.cond", ["$x", p], {"x": real(3, 3, **more)})
        found.call(f"cond/{p}-double", "linalg.cond", ["$x", {"p": p}], {"x": double(2, 3, 3, **more)}, order=2)
    found.call("cond/rectangular", "linalg.cond", ["$x"], {"x": real(4, 2)})
    found.call("cond/singular", "linalg.cond", ["$x", 1], {"x": given([[1, 1], [1, 1]], requiresGrad=False)})
    found.call("cond/none", "linalg.cond", ["$x"], {"x": real(2, 0, 0, requiresGrad=False)})
    found.call("cond/order", "linalg.cond", ["$x", 3], {"x": real(3, 3)}, error="linalg.cond got an invalid norm type: 3")
    found.call("cond/square", "linalg.cond", ["$x", 1], {"x": real(2, 3)}, error="linalg.cond(ord=1): A must be batches of square matrices, but they are 2 by 3 matrices")
    found.call("cond/vector", "linalg.cond", ["$x"], {"x": real(3)}, error="linalg.cond: The input tensor must have at least 2 dimensions.")


def pseudoinverses(found):
    for shape in ([3, 3], [4, 2], [2, 4], [2, 3, 2], [1, 1], [5, 5]):
        name = "x".join(map(str, shape))
        found.call(f"pinv/{name}", "linalg.pinv", ["$x"], {"x": real(*shape)})
        found.call(f"pinv/{name}-double", "linalg.pinv", ["$x"], {"x": double(*shape)}, order=2)
    for shape in ([4, 3], [3, 4], [3, 3]):
        name = "x".join(map(str, shape))
        found.call(f"pinv/deficient-{name}", "linalg.pinv", ["$x"], {"x": real(*shape, fill="deficient")})
        found.call(f"pinv/deficient-{name}-double", "linalg.pinv", ["$x"], {"x": double(*shape, fill="deficient")})
    found.call("pinv/equal-values", "linalg.pinv", ["$x"], {"x": given([[2, 0], [0, 2], [0, 0]], dtype="float64")}, order=2)
    found.call("pinv/identity", "linalg.pinv", ["$x"], {"x": given([[1, 0, 0], [0, 1, 0], [0, 0, 1]])})
    found.call("pinv/zeros", "linalg.pinv", ["$x"], {"x": real(2, 3, fill="full:0", requiresGrad=False)})
    found.call("pinv/none", "linalg.pinv", ["$x"], {"x": real(0, 3, requiresGrad=False)})
    diagonal = given([[4, 0, 0], [0, 1, 0], [0, 0, 0.5]])
    for options in ({"atol": 0.7}, {"rtol": 0.2}, {"atol": 0.2, "rtol": 0.2}, {"rcond": 0.2}, {"atol": 2}):
        name = "-".join(options)
        found.call(f"pinv/{name}-{'-'.join(map(str, options.values()))}", "linalg.pinv", ["$x", options], {"x": diagonal})
    found.call("pinv/positional", "linalg.pinv", ["$x", 0.2], {"x": diagonal})
    found.call("pinv/tensor", "linalg.pinv", ["$x", {"atol": "$t"}], {"x": double(2, 3, 3), "t": given([0, 1.5], dtype="float64", requiresGrad=False)})
    found.call("pinv/hermitian", "linalg.pinv", ["$x", {"hermitian": True}], {"x": real(3, 3, fill="symmetric")})
    found.call("pinv/hermitian-double", "linalg.pinv", ["$x", {"hermitian": True}], {"x": double(3, 3)}, order=2)
    found.call("pinverse", "x.pinverse", [], {"x": real(3, 2)})
    found.call("pinverse/rcond", "torch.pinverse", ["$x", 0.2], {"x": diagonal})
    for shape in ([3, 3], [4, 2], [2, 3, 3]):
        found.call(f"matrixRank/{'x'.join(map(str, shape))}", "linalg.matrixRank", ["$x"], {"x": real(*shape)})
        found.call(f"matrixRank/deficient-{'x'.join(map(str, shape))}", "linalg.matrixRank", ["$x"], {"x": real(*shape, fill="deficient")})
    for options in ({"tol": 0.7}, {"atol": 0.7}, {"rtol": 0.2}, {"atol": 0.2, "rtol": 0.2}):
        found.call(f"matrixRank/{'-'.join(options)}", "linalg.matrixRank", ["$x", options], {"x": diagonal})
    found.call("matrixRank/positional", "linalg.matrixRank", ["$x", 0.7], {"x": diagonal})
    found.call("matrixRank/tensor", "linalg.matrixRank", ["$x", {"tol": "$t"}], {"x": diagonal, "t": given([0.1, 0.7, 2], requiresGrad=False)})
    found.call("matrixRank/hermitian", "linalg.matrixRank", ["$x", {"hermitian": True}], {"x": given([[1, 2], [2, 4]])})
    found.call("matrixRank/zeros", "linalg.matrixRank", ["$x"], {"x": real(3, 3, fill="full:0")})
    found.call("matrixRank/none", "linalg.matrixRank", ["$x"], {"x": real(2, 0, 3)})
    found.call("matrixRank/vector", "linalg.matrixRank", ["$x"], {"x": real(3)}, error="must have at least 2 dimensions")


def least_squares(found):
    for a, b in (([3, 3], [3, 2]), ([5, 3], [5, 2]), ([3, 5], [3, 2]), ([5, 3], [5]), ([2, 4, 3], [2, 4, 2]), ([2, 4, 3], [2, 4])):
        name = f"{'x'.join(map(str, a))}-{'x'.join(map(str, b))}"
        found.call(f"lstsq/{name}", "linalg.lstsq", ["$x", "$y"], {"x": real(*a), "y": real(*b)})
        found.call(f"lstsq/{name}-double", "linalg.lstsq", ["$x", "$y"], {"x": double(*a), "y": double(*b)}, order=2)
    for driver in ("gels", "gelsy", "gelsd", "gelss"):
        found.call(f"lstsq/{driver}", "linalg.lstsq", ["$x", "$y", {"driver": driver}], {"x": real(2, 5, 3), "y": real(2, 5, 2)})
        found.call(f"lstsq/{driver}-vector", "linalg.lstsq", ["$x", "$y", {"driver": driver}], {"x": real(5, 3), "y": real(5)})
        found.call(f"lstsq/{driver}-wide", "linalg.lstsq", ["$x", "$y", {"driver": driver}], {"x": real(3, 5), "y": real(3, 2)})
    found.call("lstsq/deficient", "linalg.lstsq", ["$x", "$y"], {"x": double(5, 3, fill="deficient"), "y": double(5, 2)})
    found.call("lstsq/rcond", "linalg.lstsq", ["$x", "$y", {"rcond": 0.2, "driver": "gelsd"}], {"x": given([[4, 0], [0, 0.5]], requiresGrad=False), "y": real(2, 1, requiresGrad=False)})
    found.call("lstsq/rows", "linalg.lstsq", ["$x", "$y"], {"x": real(2, 3), "y": real(3, 1)}, error="torch.linalg.lstsq: input.size(-2) should match other.size(-2)")
    found.call("lstsq/driver", "linalg.lstsq", ["$x", "$y", {"driver": "x"}], {"x": real(3, 3), "y": real(3, 1)}, error="parameter `driver` should be one of (gels, gelsy, gelsd, gelss)")


def triangular(found):
    singular_matrix = given([[1, 1, 1], [1, 1, 1], [1, 1, 1]], requiresGrad=False)
    pivoting = given([[0, 2, 1], [1, 0, 3], [4, 1, 0]])
    for name in ("lu", "luFactor", "luFactorEx"):
        for shape in ([3, 3], [4, 2], [2, 4], [1, 1], [2, 3, 3], [2, 2, 3]):
            found.call(f"{name}/{'x'.join(map(str, shape))}", f"linalg.{name}", ["$x"], {"x": real(*shape)})
            found.call(f"{name}/{'x'.join(map(str, shape))}-double", f"linalg.{name}", ["$x"], {"x": double(*shape)}, order=2)
        found.call(f"{name}/pivoting", f"linalg.{name}", ["$x"], {"x": pivoting})
        found.call(f"{name}/vector", f"linalg.{name}", ["$x"], {"x": real(3)}, error="Expected tensor with 2 or more dimensions. Got size: [3] instead")
    for name in ("lu", "luFactorEx"):
        found.call(f"{name}/singular", f"linalg.{name}", ["$x"], {"x": singular_matrix})
        found.call(f"{name}/zeros", f"linalg.{name}", ["$x"], {"x": real(2, 2, fill="full:0", requiresGrad=False)})
    found.call("lu/none", "linalg.lu", ["$x"], {"x": real(0, 3, requiresGrad=False)})
    found.call("torch.lu", "torch.lu", ["$x"], {"x": real(3, 3)})
    found.call("torch.lu/method", "x.lu", [], {"x": real(2, 3, 3)})
    pivots = given([3, 3, 3], dtype="int32", exact=True)
    for left in (True, False):
        for adjoint in (True, False):
            options = {"left": left, "adjoint": adjoint}
            shape = [3, 2] if left else [2, 3]
            found.call(f"solveLu/{left}-{adjoint}", "linalg.luSolve", ["$x", "$p", "$y", options], {"x": double(3, 3), "p": pivots, "y": double(*shape)}, order=2)
    found.call("solveLu/batch", "linalg.luSolve", ["$x", "$p", "$y"], {"x": real(2, 3, 3, fill="definite"), "p": given([[3, 2, 3], [1, 3, 3]], dtype="int32", exact=True), "y": real(3, 2)})
    found.call("solveLu/torch", "torch.luSolve", ["$y", "$x", "$p"], {"x": real(3, 3, fill="definite"), "p": pivots, "y": real(3, 2)})
    found.call("solveLu/shapes", "linalg.luSolve", ["$x", "$p", "$y"], {"x": real(3, 3), "p": pivots, "y": real(2, 3)}, error="linalg.lu_solve: Incompatible shapes of A and B for the equation AX = B (3x3 and 2x3)")
    found.call("solveLu/pivots", "linalg.luSolve", ["$x", "$p", "$y"], {"x": real(3, 3), "p": given([1, 2], dtype="int32", exact=True), "y": real(3, 3)}, error="Number of pivots per batch should be same as the dimension of the matrix")
    found.call("luUnpack", "torch.luUnpack", ["$x", "$p"], {"x": real(3, 3), "p": pivots})
    found.call("luUnpack/tall", "torch.luUnpack", ["$x", "$p"], {"x": double(4, 2), "p": given([4, 3], dtype="int32", exact=True)}, order=2)
    found.call("luUnpack/data", "torch.luUnpack", ["$x", "$p", {"unpackPivots": False}], {"x": real(2, 4), "p": given([2, 2], dtype="int32", exact=True)})
    for upper in (True, False):
        found.call(f"choleskySolve/{upper}", "x.choleskySolve", ["$y", {"upper": upper}], {"x": real(3, 2), "y": real(3, 3, fill="definite")})
        found.call(f"choleskySolve/{upper}-double", "x.choleskySolve", ["$y", upper], {"x": double(3, 2), "y": double(3, 3, fill="definite")}, order=2)
        found.call(f"choleskyInverse/{upper}", "x.choleskyInverse", [{"upper": upper}], {"x": real(3, 3, fill="definite")})
        found.call(f"choleskyInverse/{upper}-double", "torch.choleskyInverse", ["$x", upper], {"x": double(2, 3, 3, fill="definite")}, order=2)
        found.call(f"choleskyEx/{upper}", "linalg.choleskyEx", ["$x", {"upper": upper}], {"x": real(3, 3, fill="definite")})
        found.call(f"cholesky/{upper}", "x.cholesky", [{"upper": upper}], {"x": real(3, 3, fill="definite")})
    found.call("choleskySolve/batch", "torch.choleskySolve", ["$x", "$y"], {"x": real(3, 2), "y": real(2, 3, 3, fill="definite")})
    found.call("choleskySolve/shapes", "torch.choleskySolve", ["$x", "$y"], {"x": real(2, 3), "y": real(3, 3)}, error="Incompatible matrix sizes for cholesky_solve: each A matrix is 3 by 3 but each b matrix is 2 by 3")
    found.call("choleskySolve/vector", "torch.choleskySolve", ["$x", "$y"], {"x": real(3), "y": real(3, 3)}, error="b should have at least 2 dimensions, but has 1 dimensions instead")
    found.call("choleskyInverse/rectangular", "torch.choleskyInverse", ["$x"], {"x": real(2, 3)}, error="cholesky_inverse: A must be batches of square matrices, but they are 2 by 3 matrices")
    for shape in ([3, 2], [3, 3], [2, 3, 3], [2, 3]):
        name = "x".join(map(str, shape))
        found.call(f"geqrf/{name}", "torch.geqrf", ["$x"], {"x": real(*shape, requiresGrad=False)})
        found.call(f"torch.qr/{name}", "torch.qr", ["$x"], {"x": real(*shape, requiresGrad=False)})
    found.call("torch.qr/all", "x.qr", [{"some": False}], {"x": real(3, 2, requiresGrad=False)})
    found.call("householderProduct", "linalg.householderProduct", ["$x", "$t"], {"x": real(4, 3), "t": real(3)})
    found.call("householderProduct/double", "linalg.householderProduct", ["$x", "$t"], {"x": double(3, 2), "t": double(2)}, order=2)
    found.call("householderProduct/fewer", "linalg.householderProduct", ["$x", "$t"], {"x": real(4, 3), "t": real(2)})
    found.call("householderProduct/batch", "torch.orgqr", ["$x", "$t"], {"x": real(2, 3, 2), "t": real(2, 2)})
    found.call("householderProduct/wide", "linalg.householderProduct", ["$x", "$t"], {"x": real(2, 3), "t": real(2)}, error="torch.linalg.householder_product: input.shape[-2] must be greater than or equal to input.shape[-1]")
    found.call("householderProduct/many", "linalg.householderProduct", ["$x", "$t"], {"x": real(3, 2), "t": real(3)}, error="input.shape[-1] must be greater than or equal to tau.shape[-1]")
    for left in (True, False):
        for transpose in (True, False):
            found.call(f"ormqr/{left}-{transpose}", "torch.ormqr", ["$x", "$t", "$y", {"left": left, "transpose": transpose}], {"x": real(3, 2), "t": real(2), "y": real(*([3, 4] if left else [4, 3]))})
    found.call("ormqr/shapes", "torch.ormqr", ["$x", "$t", "$y"], {"x": real(3, 2), "t": real(2), "y": real(4, 3)}, error="torch.ormqr: other.shape[-2] must be equal to input.shape[-2]")


def equations(found):
    found.call("solve/right", "linalg.solve", ["$x", "$y", {"left": False}], {"x": real(3, 3, fill="definite"), "y": real(2, 3)})
    found.call("solve/right-double", "linalg.solve", ["$x", "$y", {"left": False}], {"x": double(3, 3), "y": double(2, 2, 3)}, order=2)
    found.call("solve/right-shapes", "linalg.solve", ["$x", "$y", {"left": False}], {"x": real(3, 3), "y": real(3, 2)}, error="linalg.solve: Incompatible shapes of A and B for the equation XA = B (3x3 and 3x2)")
    found.call("solveEx", "linalg.solveEx", ["$x", "$y"], {"x": real(2, 3, 3, fill="definite"), "y": real(2, 3, 2)})
    found.call("invEx", "linalg.invEx", ["$x"], {"x": real(3, 3, fill="definite")})
    found.call("invEx/double", "linalg.invEx", ["$x"], {"x": double(2, 3, 3)}, order=2)
    for upper in (True, False):
        for left in (True, False):
            for unit in (True, False):
                options = {"upper": upper, "left": left, "unitriangular": unit}
                shape = [3, 2] if left else [2, 3]
                found.call(f"solveTriangular/{upper}-{left}-{unit}", "linalg.solveTriangular", ["$x", "$y", options], {"x": double(3, 3), "y": double(*shape)}, order=2)
    found.call("solveTriangular/batch", "linalg.solveTriangular", ["$x", "$y", {"upper": False}], {"x": real(2, 3, 3, fill="definite"), "y": real(3, 2)})
    found.call("triangularSolve", "torch.triangularSolve", ["$x", "$y"], {"x": real(3, 2), "y": real(3, 3, fill="definite")})
    found.call("triangularSolve/transpose", "x.triangularSolve", ["$y", {"transpose": True}], {"x": real(3, 2), "y": real(3, 3, fill="definite")})
    found.call("triangularSolve/lower", "x.triangularSolve", ["$y", {"upper": False, "unitriangular": True}], {"x": real(3, 2), "y": real(3, 3, fill="definite")})
    found.call("tensorinv", "linalg.tensorinv", ["$x"], {"x": real(2, 3, 3, 2)})
    found.call("tensorinv/1", "linalg.tensorinv", ["$x", {"ind": 1}], {"x": double(4, 2, 2)}, order=2)
    found.call("tensorinv/shapes", "linalg.tensorinv", ["$x", {"ind": 1}], {"x": real(4, 2, 3)}, error="Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got 6 != 4")
    found.call("tensorinv/ind", "linalg.tensorinv", ["$x", {"ind": 0}], {"x": real(4, 4)}, error="Expected a strictly positive integer for 'ind', but got 0")
    found.call("tensorsolve", "linalg.tensorsolve", ["$x", "$y"], {"x": real(2, 3, 6), "y": real(2, 3)})
    found.call("tensorsolve/double", "linalg.tensorsolve", ["$x", "$y"], {"x": double(2, 2, 2, 2), "y": double(2, 2)}, order=2)
    found.call("tensorsolve/dims", "linalg.tensorsolve", ["$x", "$y", {"dims": [0, 2]}], {"x": double(3, 4, 4, 3), "y": double(4, 3)})
    found.call("tensorsolve/shapes", "linalg.tensorsolve", ["$x", "$y"], {"x": real(6, 4, 2), "y": real(6, 4)}, error="Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got 2 != 24")


def others(found):
    found.call("linalg.vander", "linalg.vander", ["$x"], {"x": real(4)})
    found.call("linalg.vander/N", "linalg.vander", ["$x", {"N": 5}], {"x": double(2, 3)}, order=2)
    found.call("linalg.vander/int", "linalg.vander", ["$x"], {"x": {"shape": [3], "dtype": "int32", "fill": "int:-3:4"}})
    found.call("linalg.vander/small", "linalg.vander", ["$x", {"N": 1}], {"x": real(3)}, error="N must be greater than 1.")
    # So does that of torch.vander.
    plain = real(3, requiresGrad=False)
    found.call("vander", "torch.vander", ["$x"], {"x": plain})
    found.call("vander/increasing", "torch.vander", ["$x", {"N": 4, "increasing": True}], {"x": plain})
    found.call("vander/positional", "torch.vander", ["$x", 2], {"x": plain})
    found.call("vander/one", "torch.vander", ["$x", 1], {"x": real(3, requiresGrad=False)})
    found.call("vander/matrix", "torch.vander", ["$x"], {"x": real(2, 3)}, error="x must be a one-dimensional tensor.")
    for size in (0.01, 1.5, 6, 40):
        for dtype in ("float32", "float64"):
            found.call(f"matrixExp/{size}-{dtype}", "linalg.matrixExp", ["$x"], {"x": {"shape": [3, 3], "fill": f"uniform:-{size}:{size}", "dtype": dtype, "requiresGrad": size < 40}}, order=2)
    found.call("matrixExp/mixed", "linalg.matrixExp", ["$x"], {"x": given([[[0, 30], [-30, 0]], [[0.1, 0], [0, 0.2]], [[0, 0], [0, 0]]], dtype="float64")}, order=2)
    found.call("matrixExp/none", "linalg.matrixExp", ["$x"], {"x": real(0, 0, requiresGrad=False)})
    for name, rows in (("ones", [[1, 1, 1]] * 3), ("zeros", [[0, 0, 0]] * 3), ("column", [[0, 1], [0, 2]]), ("rank-1", [[1, 2], [2, 4]])):
        found.call(f"det/{name}", "linalg.det", ["$x"], {"x": given(rows, requiresGrad=False)})
        found.call(f"slogdet/{name}", "linalg.slogdet", ["$x"], {"x": given(rows, requiresGrad=False)})
    found.call("det/none", "linalg.det", ["$x"], {"x": real(2, 0, 0, requiresGrad=False)})
    found.call("det/exchanges", "linalg.det", ["$x"], {"x": given([[0, 1, 0, 0], [0, 0, 2, 0], [0, 0, 0, 3], [4, 0, 0, 0]], dtype="float64")}, order=2)
    vectors = {"squared": ["U", "V"]}
    found.call("svdLowrank", "torch.svdLowrank", ["$x"], {"x": real(9, 8, requiresGrad=False)}, **vectors)
    found.call("svdLowrank/wide", "torch.svdLowrank", ["$x", {"q": 2, "niter": 3}], {"x": double(4, 6)}, **vectors)
    found.call("svdLowrank/mean", "torch.svdLowrank", ["$x", 3, 2, "$m"], {"x": double(2, 5, 4, requiresGrad=False), "m": double(2, 1, 4, requiresGrad=False)}, **vectors)
    found.call("pcaLowrank", "torch.pcaLowrank", ["$x"], {"x": double(7, 4)}, **vectors)
    found.call("pcaLowrank/options", "torch.pcaLowrank", ["$x", {"q": 2, "center": False, "niter": 1}], {"x": double(7, 4)}, **vectors)
    found.call("pcaLowrank/rank", "torch.pcaLowrank", ["$x", {"q": 5}], {"x": real(7, 4)}, error="q(=5) must be non-negative integer and not greater than min(m, n)=4")
    found.call("matrixExp", "x.matrixExp", [], {"x": real(3, 3)})
    for n in (-1, -2):
        found.call(f"matrixPower/{n}", "linalg.matrixPower", ["$x", n], {"x": real(3, 3, fill="definite")})
        found.call(f"matrixPower/{n}-double", "x.matrixPower", [n], {"x": double(2, 3, 3)}, order=2)
