"""What a model's last layer is given of every test digit, for a browser that sets the layer by hand.

``GET live/readings/PRESET/VARIANT``: ten float32, little-endian, for each of MNIST's 10,000 test digits, then a byte
each for what they are. A browser keeps it.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.shared import state


async def respond(request: Request) -> Response:
    """The route."""
    from dashboard.shared import head_by_hand  # with torch, for which no server waits

    preset, variant = (request.path_params[name] for name in ("preset", "variant"))
    if preset not in state.MODELS or variant not in head_by_hand.GIVEN:
        return Response("There are readings of v1 and v5, report and best.", 404, media_type="text/plain")
    content = await run_in_threadpool(readings, preset, variant)
    return Response(content, media_type="application/octet-stream", headers={"Cache-Control": "max-age=86400"})


def readings(preset: str, variant: str) -> bytes:
    """Of a committed model."""
    from dashboard.shared import head_by_hand

    given = head_by_hand.network(preset, variant).feature(head_by_hand.read_digits(preset, variant))
    return given.numpy().astype("<f4").tobytes() + state.mnist().test.labels.byte().numpy().tobytes()
