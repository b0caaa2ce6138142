"""Fourier transforms, windows."""

from draw import call, constant, real
from family import Family

fourier = Family("fourier")

NORMS = ("forward", "backward", "ortho")


@fourier.operation("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
def one_axis(d, name):
    shape = d.shape(ranks=(1, 3), low=3, high=8)
    dim = d.dimension(len(shape))
    more = d.trailing(n=d.whole(2, 9), dim=dim, norm=d.pick(*NORMS))
    if name in ("rfft", "ihfft") or (name in ("fft", "ifft") and d.chance(0.5)):
        return call(f"fft.{name}", ["$x", *more], {"x": real(shape)})
    return call(f"fft.{name}", [{"complex": ["$x", "$y"]}, *more], {"x": real(shape), "y": real(shape)})


@fourier.operation("fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn", "hfft2", "hfftn", "ihfft2", "ihfftn")
def many_axes(d, name):
    shape = d.shape(ranks=(2, 3), low=3, high=5)
    more = d.trailing(s=[d.whole(2, 6), d.whole(2, 6)], norm=d.pick(*NORMS), dim=None if d.chance(0.5) else d.some(range(len(shape)), 2))
    if name.startswith(("r", "ih")):
        return call(f"fft.{name}", ["$x", *more], {"x": real(shape)})
    return call(f"fft.{name}", [{"complex": ["$x", "$y"]}, *more], {"x": real(shape), "y": real(shape)})


@fourier.operation("fftfreq", "rfftfreq")
def frequencies(d, name):
    return call(f"fft.{name}", [d.whole(1, 9), *d.trailing(d=d.pick(0.5, 2))], {})


@fourier.operation("hannWindow", "hammingWindow", "blackmanWindow", "bartlettWindow", "kaiserWindow")
def window(d, name):
    return call(f"torch.{name}", [d.whole(1, 12), *d.trailing(periodic=False)], {})


@fourier.operation("stft")
def short_time(d, name):
    width = d.pick(4, 6, 8)
    options = {"returnComplex": True, **d.options(hopLength=d.whole(1, 4), center=False, normalized=True, onesided=False)}
    return call("torch.stft", ["$x", width, {**options, "window": "$w"}], {"x": real([*d.shape(ranks=(0, 1), high=2), d.whole(12, 20)]), "w": constant([width], "positive")})
