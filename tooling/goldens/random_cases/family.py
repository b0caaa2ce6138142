"""Operations by name, each with the function that draws its cases."""


class Family:
    """Cases of one kind, which share a manifest."""

    def __init__(self, name, *, rehearsed=True):
        """`rehearsed`: its numbers are the same in float64, up to rounding."""
        self.name = name
        self.rehearsed = rehearsed
        self.operations = []

    def operation(self, *names, times=1):
        """Says that the decorated function, given a stream and one of the names, draws a case. It is drawn `times` times as often as others."""

        def register(function):
            self.operations += [(name, function) for name in names for _ in range(times)]
            return function

        return register
