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
    for norm in ("backward", "ortho", "forward"):
        add(f"hfft/{norm}", "hfft", [{"norm": norm}], parts=True)
        add(f"ihfft/{norm}", "ihfft", [{"norm": norm}])
        add(f"hfft2/{norm}", "hfft2", [{"norm": norm}], (2, 3, 4), parts=True)
        add(f"ihfft2/{norm}", "ihfft2", [{"norm": norm}], (2, 3, 4))
    add("hfft/odd", "hfft", [{"n": 7}], (4,), parts=True)
    add("hfft/positional", "hfft", [5, 0, "ortho"], (3, 2), parts=True)
    add("hfft/real", "hfft", [], (4,))
    add("hfft/long", "hfft", [600], (301,), parts=True)
    add("hfft/second-order", "hfft", [], (4,), parts=True, order=2)
    add("ihfft/odd", "ihfft", [], (7,))
    add("ihfft/length", "ihfft", [9], (7,))
    add("ihfft/dim", "ihfft", [{"dim": 0}], (5, 2))
    add("ihfft/second-order", "ihfft", [], (5,), order=2)
    add("hfft2/size", "hfft2", [{"s": [3, 5]}], (3, 3), parts=True)
    add("hfft2/positional", "hfft2", [[3, 5], [0, 1], "ortho"], (3, 3), parts=True)
    add("ihfft2/size", "ihfft2", [{"s": [5, 3]}], (3, 4))
    add("hfftn", "hfftn", [], (2, 3, 3), parts=True)
    add("hfftn/dim", "hfftn", [{"dim": [0, 2]}], (2, 3, 3), parts=True)
    add("ihfftn", "ihfftn", [], (2, 3, 4))
    add("ihfftn/positional", "ihfftn", [[2, 4], [1, 2]], (2, 3, 4))
    add("fft2/positional", "fft2", [[4, 2], [0, 1], "forward"], (3, 3), parts=True)
    add("rfftn/positional", "rfftn", [None, [0, 1]], (3, 4, 2))
    add("ihfft/complex", "ihfft", [], parts=True, error="ihfft expects a real input tensor, but got ")
    out.append({"id": "stft/positional", "call": "x.stft", "args": ["$x", 8, 2, 6, "$w", {"returnComplex": True}][1:], "inputs": inputs})
    parts = {"x": {"shape": [5, 11]}, "y": {"shape": [5, 11]}}
    frames = {"complex": ["$x", "$y"]}
    window = {"w": {"shape": [8], "fill": "uniform:0.5:1.5"}}
    for name, more in (
        ("hop", {"hopLength": 3}), ("window", {"hopLength": 2, "window": "$w"}), ("outside", {"center": False, "window": "$w"}), ("normalized", {"normalized": True}), ("trimmed", {"length": 15, "window": "$w"}), ("longer", {"length": 30, "window": "$w"}),
    ):
        out.append({"id": f"istft/{name}", "call": "torch.istft", "args": [frames, 8, more], "inputs": {**parts, **(window if "window" in more else {})}})
    out.append({"id": "istft/default", "call": "torch.istft", "args": [frames, 8], "inputs": parts, "order": 2})
    out.append({"id": "istft/short", "call": "torch.istft", "args": [frames, 8, {"hopLength": 2, "winLength": 6, "window": "$w"}], "inputs": {**parts, "w": {"shape": [6], "fill": "positive"}}})
    out.append({"id": "istft/positional", "call": "torch.istft", "args": [frames, 8, 2, 8, "$w"], "inputs": {**parts, **window}})
    out.append({"id": "istft/batch", "call": "torch.istft", "args": [frames, 8, {"window": "$w"}], "inputs": {"x": {"shape": [2, 5, 4]}, "y": {"shape": [2, 5, 4]}, **window}})
    out.append({"id": "istft/all", "call": "torch.istft", "args": [frames, 8, {"onesided": False}], "inputs": {"x": {"shape": [8, 6]}, "y": {"shape": [8, 6]}}})
    out.append({"id": "istft/bins", "call": "torch.istft", "args": [frames, 10], "inputs": parts, "error": "expected the frequency dimension (3rd to the last) of the input tensor to match n_fft / 2 + 1 when onesided=True, but got 5"})
    out.append({"id": "istft/gap", "call": "torch.istft", "args": [frames, 8, {"window": "$w", "center": False}], "inputs": {**parts, "w": {"fill": [0, 0, 1, 1, 1, 1, 0, 0], "requiresGrad": False}}, "error": "window overlap add min: 1"})
    out.append({"id": "istft/hop-too-long", "call": "torch.istft", "args": [frames, 8, {"hopLength": 9}], "inputs": parts, "error": "expected 0 < hop_length <= win_length"})
    out.append({"id": "istft/real", "call": "torch.istft", "args": ["$x", 8], "inputs": parts, "error": "istft requires a complex-valued input tensor matching the output from stft with return_complex=True."})
    return out
