"""Discrete Fourier transforms; complex tensors are pairs { real, imag }."""


def cases():
    out = []

    def add(identifier, call, args, shape=(2, 6), parts=False, error=None, torch_error=False, **more):
        inputs = {"x": {"shape": list(shape), **more.pop("input", {})}}
        first = "$x"
        if parts:
            inputs["y"] = {"shape": list(shape)}
            first = {"complex": ["$x", "$y"]}
        made = {"id": identifier, "call": f"fft.{call}", "args": [first, *args], "inputs": inputs, **more}
        if error is not None:
            made["error"] = error
        if torch_error is not False:
            made["torchError"] = torch_error
        out.append(made)

    for n in (1, 2, 3, 7, 8, 12):
        add(f"rfft/{n}", "rfft", [], (n,), **({"input": {"requiresGrad": False}} if n == 1 else {}))
        add(f"fft/{n}", "fft", [], (2, n), parts=True)
        add(f"ifft/{n}", "ifft", [], (n,), parts=True)
    for n in (300, 320, 257, 514):
        add(f"rfft/long-{n}", "rfft", [], (n,))
        add(f"fft/long-{n}", "fft", [], (n,), parts=True)
        add(f"irfft/long-{n}", "irfft", [{"n": n}], (n // 2 + 1,), parts=True)
    add("rfft/prime-1031", "rfft", [], (1031,))
    add("ifft/prime-1031", "ifft", [], (1031,), parts=True)
    add("rfft/second-order", "rfft", [], (5,), order=2)
    add("fft/real", "fft", [], (5,))
    add("ifft/real", "ifft", [], (5,))
    for norm in ("backward", "ortho", "forward"):
        add(f"rfft/{norm}", "rfft", [{"norm": norm}])
        add(f"fft/{norm}", "fft", [{"norm": norm}], parts=True)
        add(f"ifft/{norm}", "ifft", [{"norm": norm}], parts=True)
        add(f"irfft/{norm}", "irfft", [{"norm": norm}], parts=True)
    add("rfft/pad", "rfft", [{"n": 9}])
    add("rfft/trim", "rfft", [4])
    add("rfft/dim", "rfft", [{"dim": 0}], (4, 3))
    add("rfft/positional", "rfft", [None, 1, "ortho"], (2, 5, 3))
    add("fft/pad", "fft", [{"n": 8, "dim": 0}], (5, 2), parts=True)
    for n in (2, 5, 6):
        add(f"irfft/bins-{n}", "irfft", [], (2, n), parts=True)
    add("irfft/odd", "irfft", [{"n": 7}], (4,), parts=True)
    add("irfft/pad", "irfft", [{"n": 10}], (3,), parts=True)
    add("irfft/trim", "irfft", [{"n": 4}], (6,), parts=True)
    add("irfft/dim", "irfft", [{"dim": 0, "n": 5}], (3, 2), parts=True)
    add("irfft/real", "irfft", [], (4,))
    add("irfft/second-order", "irfft", [], (4,), parts=True, order=2)
    add("fft2", "fft2", [], (2, 3, 4), parts=True)
    add("ifft2", "ifft2", [{"norm": "ortho"}], (3, 4), parts=True)
    add("rfft2", "rfft2", [], (2, 3, 4))
    add("rfft2/size", "rfft2", [{"s": [5, 3]}], (3, 4))
    add("irfft2", "irfft2", [], (3, 4), parts=True)
    add("irfft2/size", "irfft2", [{"s": [3, 5]}], (3, 3), parts=True)
    add("fftn", "fftn", [], (2, 3, 4), parts=True)
    add("ifftn/dim", "ifftn", [{"dim": [0, 1]}], (2, 3, 2), parts=True)
    add("rfftn", "rfftn", [], (2, 3, 4))
    add("irfftn", "irfftn", [], (2, 3, 3), parts=True)
    for n in (1, 4, 5):
        out.append({"id": f"fftfreq/{n}", "call": "fft.fftfreq", "args": [n]})
        out.append({"id": f"rfftfreq/{n}", "call": "fft.rfftfreq", "args": [n, {"d": 0.5}]})
    add("fftshift", "fftshift", [], (5,))
    add("fftshift/dims", "fftshift", [{"dim": 1}], (3, 4))
    add("fftshift/all", "fftshift", [], (3, 4))
    add("ifftshift", "ifftshift", [], (5, 2))
    add("error/length", "fft", [{"n": 0}], error="Invalid number of data points (0) specified")
    add("error/dim", "rfft", [{"dim": 2}], error="Dimension out of range (expected to be in range of [-2, 1], but got 2)")
    add("error/norm", "rfft", [{"norm": "foo"}], error='Invalid normalization mode: "foo"')
    add("error/complex", "rfft", [], parts=True, error="rfft expects a real input tensor, but got ", torch_error="rfft expects a real input tensor, but got ")
    add("error/one-bin", "irfft", [], (1,), parts=True, error="Invalid number of data points (0) specified")
    complex_result = {"returnComplex": True}
    for name, more in (("default", {}), ("hop", {"hopLength": 3}), ("outside", {"center": False}), ("normalized", {"normalized": True}), ("all", {"onesided": False}), ("constant", {"padMode": "constant"}), ("short", {"winLength": 5})):
        out.append({"id": f"stft/{name}", "call": "torch.stft", "args": ["$x", 8, {**more, **complex_result}], "inputs": {"x": {"shape": [20]}}})
    inputs = {"x": {"shape": [2, 20]}, "w": {"shape": [6], "fill": "rand"}}
    out.append({"id": "stft/window", "call": "torch.stft", "args": ["$x", 8, {"hopLength": 4, "winLength": 6, "window": "$w", **complex_result}], "inputs": inputs})
    for name in ("hann", "hamming", "blackman", "bartlett", "kaiser"):
        for n in (1, 6):
            out.append({"id": f"{name}Window/{n}", "call": f"torch.{name}Window", "args": [n]})
        out.append({"id": f"{name}Window/symmetric", "call": f"torch.{name}Window", "args": [7, {"periodic": False}]})
    return out
