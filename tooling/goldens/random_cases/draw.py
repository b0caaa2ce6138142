"""Random choices, and the inputs of cases made of them."""

import random


class Draw:
    """A stream of choices: the same seed gives the same cases."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, probability):
        return self.random.random() < probability

    def whole(self, low, high):
        """A whole number; `high` may be drawn too."""
        return self.random.randint(low, high)

    def some(self, values, count):
        """`count` different values in any order."""
        return self.random.sample(list(values), count)

    def order(self):
        """Whether second derivatives are compared too."""
        return self.pick(1, 2)

    def options(self, **offered):
        """Options, of which each is given or left out. None leaves it out."""
        return {name: value for name, value in offered.items() if value is not None and self.chance(0.6)}

    def trailing(self, **offered):
        """The same as trailing arguments: nothing where no option is given."""
        given = self.options(**offered)
        return [given] if given else []

    # Shapes

    def shape(self, rank=None, low=1, high=5, ranks=(0, 4)):
        rank = self.whole(*ranks) if rank is None else rank
        return [self.whole(low, high) for _ in range(rank)]

    def broadcastable(self, shape):
        """A shape that broadcasts to `shape`."""
        ones = [1 if self.chance(0.3) else extent for extent in shape]
        return ones[self.whole(0, len(ones)) :] if self.chance(0.4) else ones

    def dimension(self, rank):
        """One dimension, counted from either end. A scalar has two names for the one that it lacks."""
        if rank == 0:
            return self.pick(0, -1)
        dimension = self.whole(0, rank - 1)
        return dimension - rank if self.chance(0.4) else dimension

    def dimensions(self, rank):
        """One dimension, or a list of some."""
        if rank == 0 or self.chance(0.4):
            return self.dimension(rank)
        return [dimension - rank if self.chance(0.4) else dimension for dimension in self.some(range(rank), self.whole(1, rank))]

    def per_axis(self, rank, low, high):
        """A number for every spatial axis, or one for all."""
        values = [self.whole(low, high) for _ in range(rank)]
        return values[0] if self.chance(0.4) else values


# Inputs


def real(shape, fill="randn", **more):
    return {"shape": list(shape), "fill": fill, **more}


def constant(shape, fill="randn", **more):
    """Floating values that no gradient is wanted of."""
    return real(shape, fill, requiresGrad=False, **more)


def integers(shape, low, high):
    """`high` is not drawn."""
    return {"shape": list(shape), "dtype": "int32", "fill": f"int:{low}:{high}"}


def listed(values, dtype="int32"):
    return {"fill": values, "dtype": dtype}


def flags(shape):
    return {"shape": list(shape), "dtype": "bool", "fill": "bool"}


# Cases


def call(path, arguments, inputs, **more):
    return {"call": path, "args": list(arguments), "inputs": inputs, **more}


def layer(name, arguments, inputs, **more):
    return {"layer": name, "args": list(arguments), "inputs": inputs, **more}
