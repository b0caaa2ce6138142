"""Joining tensors, grids."""


def cases():
    out = []

    def add(identifier, call, args, shapes, error=None, **more):
        inputs = {}
        for name, shape in zip("xyzw", shapes):
            inputs[name] = shape if isinstance(shape, dict) else {"shape": list(shape)}
        made = {"id": identifier, "call": call, "args": args, "inputs": inputs, **more}
        if error is not None:
            made["error"] = error
        out.append(made)

    ints = {"shape": [2, 3], "dtype": "int32", "fill": "int:0:9"}
    for name in ("cat", "concat", "concatenate"):
        add(f"{name}/dim0", f"torch.{name}", [["$x", "$y"]], [(2, 3), (1, 3)])
        add(f"{name}/option", f"torch.{name}", [["$x", "$y"], {"dim": 1}], [(2, 3), (2, 1)], order=2)
        add(f"{name}/positional", f"torch.{name}", [["$x", "$y", "$x"], -1], [(2, 3), (2, 1)])
    add("cat/promote", "torch.cat", [["$x", "$y"]], [(2, 3), ints])
    add("cat/empty-vector", "torch.cat", [["$x", "$y"]], [(2, 3), (0,)])
    add("cat/one", "torch.cat", [["$x"]], [(2, 3)])
    add("cat/bool-int", "torch.cat", [["$x", "$y"]], [{"shape": [1, 3], "dtype": "bool", "fill": "bool"}, ints])
    add("cat/none", "torch.cat", [[]], [], error="torch.cat(): expected a non-empty list of Tensors")
    add("cat/sizes", "torch.cat", [["$x", "$y"]], [(2, 3), (2, 4)], error="Sizes of tensors must match except in dimension 0. Expected size 3 but got size 4 for tensor number 1 in the list.")
    add("cat/ranks", "torch.cat", [["$x", "$y"]], [(2, 3), (2,)], error="Tensors must have same number of dimensions: got 2 and 1")
    add("cat/dim", "torch.cat", [["$x", "$y"], 2], [(2, 3), (2, 3)], error="Dimension out of range (expected to be in range of [-2, 1], but got 2)")
    add("cat/scalar", "torch.cat", [["$x", "$y"]], [(), ()], error="zero-dimensional tensor (at position 0) cannot be concatenated")
    add("stack/0", "torch.stack", [["$x", "$y"]], [(2, 3), (2, 3)])
    add("stack/1", "torch.stack", [["$x", "$y"], {"dim": 1}], [(2, 3), (2, 3)], order=2)
    add("stack/last", "torch.stack", [["$x", "$y", "$x"], -1], [(2, 3), (2, 3)])
    add("stack/scalars", "torch.stack", [["$x", "$y"]], [(), ()])
    add("stack/promote", "torch.stack", [["$x", "$y"]], [(2, 3), ints])
    add("stack/none", "torch.stack", [[]], [], error="stack expects a non-empty TensorList")
    add("stack/sizes", "torch.stack", [["$x", "$y"]], [(2, 3), (3,)], error="stack expects each tensor to be equal size, but got [2, 3] at entry 0 and [3] at entry 1")
    for name in ("hstack", "vstack", "dstack", "columnStack", "rowStack"):
        if name != "rowStack":
            add(f"{name}/vectors", f"torch.{name}", [["$x", "$y"]], [(3,), (3,)])
        add(f"{name}/matrices", f"torch.{name}", [["$x", "$y"]], [(2, 3), (2, 3)])
        add(f"{name}/scalars", f"torch.{name}", [["$x", "$y"]], [(), ()])
    add("hstack/sizes", "torch.hstack", [["$x", "$y"]], [(2, 3), (3, 3)], error="Sizes of tensors must match except in dimension 1. Expected size 2 but got size 3 for tensor number 1 in the list.")
    add("broadcastTensors", "torch.broadcastTensors", ["$x", "$y"], [(2, 1), (3,)])
    add("broadcastTensors/sizes", "torch.broadcastTensors", ["$x", "$y"], [(2, 3), (4,)], error="The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1")
    add("blockDiag", "torch.blockDiag", ["$x", "$y", "$z"], [(2, 3), (), (2,)])
    add("meshgrid/ij", "torch.meshgrid", ["$x", "$y", {"indexing": "ij"}], [(2,), (3,)])
    add("meshgrid/xy", "torch.meshgrid", ["$x", "$y", "$z", {"indexing": "xy"}], [(2,), (3,), (4,)])
    add("meshgrid/list", "torch.meshgrid", [["$x", "$y"], {"indexing": "xy"}], [(2,), (3,)], torchArgs=["$x", "$y", {"indexing": "xy"}])
    add("meshgrid/scalar", "torch.meshgrid", ["$x", "$y"], [(2,), ()])
    add("meshgrid/matrix", "torch.meshgrid", ["$x"], [(2, 3)], error="torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got:")
    add("cartesianProd", "torch.cartesianProd", ["$x", "$y"], [(2,), (3,)])
    add("cartesianProd/one", "torch.cartesianProd", ["$x"], [(2,)])
    add("combinations", "torch.combinations", ["$x"], [(4,)])
    add("combinations/3", "torch.combinations", ["$x", {"r": 3}], [(4,)])
    add("combinations/replacement", "torch.combinations", ["$x", {"withReplacement": True}], [(3,)])
    return out
