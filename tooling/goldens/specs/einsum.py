"""Einstein's notation."""

EQUATIONS = [
    ("ij->ji", [(2, 3)]),
    ("ij", [(2, 3)]),
    ("ba", [(2, 3)]),
    ("ij->", [(2, 3)]),
    ("ij->j", [(2, 3)]),
    ("ii", [(3, 3)]),
    ("ii->i", [(3, 3)]),
    ("iji->j", [(2, 3, 2)]),
    ("iij,jk->ik", [(2, 2, 3), (3, 4)]),
    ("ij,jk->ik", [(2, 3), (3, 4)]),
    ("ij,jk", [(2, 3), (3, 4)]),
    ("ij,kj->ik", [(2, 3), (4, 3)]),
    ("i,i->", [(3,), (3,)]),
    ("i,j->ij", [(2,), (3,)]),
    ("i,i->i", [(3,), (3,)]),
    ("ij,ij->ij", [(2, 3), (2, 3)]),
    ("ij,ij->", [(2, 3), (2, 3)]),
    ("bij,bjk->bik", [(2, 2, 3), (2, 3, 4)]),
    ("bhid,bhjd->bhij", [(2, 2, 3, 4), (2, 2, 5, 4)]),
    ("bhij,bhjd->bihd", [(2, 2, 3, 4), (2, 2, 4, 2)]),
    ("bn,anm,bm->ba", [(2, 3), (4, 3, 2), (2, 2)]),
    ("ij,jk,kl->il", [(2, 3), (3, 2), (2, 4)]),
    ("...ij->...ji", [(2, 2, 3)]),
    ("...ij,...jk->...ik", [(2, 2, 3), (3, 4)]),
    ("...,...->...", [(2, 3), (3,)]),
    ("i...->...", [(2, 3, 4)]),
    ("...i,ij->...j", [(2, 4, 3), (3, 2)]),
    ("b...i,b...i->b...", [(2, 3, 4), (2, 3, 4)]),
    ("...ij,...jk", [(2, 2, 3), (2, 3, 4)]),
    ("i...j->j...i", [(2, 3, 4, 2)]),
    ("ij,jk->ik", [(2, 1), (3, 4)]),
    (" i j , j k -> i k ", [(2, 3), (3, 4)]),
    ("Aa,aB->BA", [(2, 3), (3, 4)]),
    ("bA", [(2, 3)]),
    (",ij->ij", [(), (2, 3)]),
    ("abcd,d->abc", [(2, 2, 2, 3), (3,)]),
    ("ijk,jil->kl", [(2, 3, 4), (3, 2, 2)]),
    ("i,j,k->kji", [(2,), (3,), (2,)]),
    ("ij,i,j->", [(2, 3), (2,), (3,)]),
]

ERRORS = [
    ("ij,jk->ik", [(2, 3), (4, 2)], "einsum(): subscript j has size 4 for operand 1 which does not broadcast with previously seen size 3"),
    ("ii->i", [(2, 3)], "einsum(): subscript i is repeated for operand 0 but the sizes don't match, 3 != 2"),
    ("ij->ik", [(2, 3)], "einsum(): output subscript k does not appear in the equation for any input operand"),
    ("ij->ii", [(2, 3)], "einsum(): output subscript i appears more than once in the output"),
    ("ij,jk->ik", [(2, 3)], "einsum(): fewer operands were provided than specified in the equation"),
    ("ij", [(2, 3), (2, 3)], "einsum(): more operands were provided than specified in the equation"),
    ("i1->i", [(2, 3)], "subscripts must be in [a-zA-Z]"),
    ("ijk->i", [(2, 3)], "einsum(): the number of subscripts in the equation (3) does not match the number of dimensions (2) for operand 0 and no ellipsis was given"),
    ("i->i", [(2, 3)], "einsum(): the number of subscripts in the equation (1) does not match the number of dimensions (2) for operand 0 and no ellipsis was given"),
    ("i..->i", [(2, 3)], "einsum(): found '.' for operand 0 that is not part of any ellipsis"),
]


def cases():
    out = []
    for index, (equation, shapes) in enumerate(EQUATIONS):
        names = "xyz"[: len(shapes)]
        inputs = {name: {"shape": list(shape)} for name, shape in zip(names, shapes)}
        made = {"id": f"{index}: {equation}", "call": "torch.einsum", "args": [equation, *("$" + name for name in names)], "inputs": inputs}
        if index % 4 == 0:
            made["order"] = 2
        out.append(made)
    out.append({"id": "list", "call": "torch.einsum", "args": ["ij,jk->ik", ["$x", "$y"]], "inputs": {"x": {"shape": [2, 3]}, "y": {"shape": [3, 2]}}})
    ints = {"shape": [3, 3], "dtype": "int32", "fill": "int:-4:5"}
    out.append({"id": "int", "call": "torch.einsum", "args": ["ij,jk->ik", "$x", "$y"], "inputs": {"x": ints, "y": ints}})
    for equation, shapes, error in ERRORS:
        names = "xyz"[: len(shapes)]
        inputs = {name: {"shape": list(shape)} for name, shape in zip(names, shapes)}
        out.append({"id": f"error: {equation} of {len(shapes)}", "call": "torch.einsum", "args": [equation, *("$" + name for name in names)], "inputs": inputs, "error": error})
    return out
