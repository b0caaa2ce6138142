"""What the specs of layers have in common."""


def real(*shape, **more):
    return {"shape": list(shape), **more}


def whole(low, high, *shape, **more):
    return {"shape": list(shape), "dtype": "int32", "fill": f"int:{low}:{high}", **more}


def flags(*shape, **more):
    return {"shape": list(shape), "dtype": "bool", "fill": "bool", **more}


class Cases(list):
    """Cases whose ids are `<layer>/<variant>`."""

    def layer(self, name, variant, args, inputs, **more):
        args = list(args)
        case = {"id": f"{name}/{variant}", "layer": name}
        if args:
            case["args"] = args
        case["inputs"] = inputs if isinstance(inputs, dict) else list(inputs)
        self.append({**case, **more})

    def modes(self, name, variant, args, inputs, **more):
        """The same in training and in evaluation."""
        self.layer(name, f"{variant}-train", args, inputs, mode="train", **more)
        self.layer(name, f"{variant}-eval", args, inputs, mode="eval", **more)

    def call(self, identifier, call, args, inputs=None, **more):
        case = {"id": identifier, "call": call, "args": list(args)}
        if inputs:
            case["inputs"] = inputs
        self.append({**case, **more})

    def function(self, name, variant, args, inputs, **more):
        self.call(f"{name}/{variant}", f"F.{name}", args, inputs, **more)
