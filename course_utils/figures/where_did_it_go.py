"""Where did 577 go: range and dtype (lessons 01 and 02)."""

import traitlets

from .host import Figure


def ways(response):
    """Return what becomes of a response: as it is, clipped, stored as uint8, after ReLU, without its sign."""
    return {
        "raw": response,
        "clip": max(0, min(255, response)),
        "wrap": response % 256,
        "relu": max(0, response),
        "absolute": abs(response),
    }


class WhereDidItGo(Figure):
    """One response and five ways on: which of them keep it, and which only seem to.

    Attributes
    ----------
    response : int
        From -1100 to 1100.
    results : dict
        "raw", "clip", "wrap" (uint8), "relu", "absolute".
    """

    module = "where_did_it_go"
    title = "Where did 577 go"
    caption = (
        "A response may be any number; a picture holds 0 to 255. Each way from one to the other loses something else."
    )

    response = traitlets.Int(577, min=-1100, max=1100).tag(sync=True)
    results = traitlets.Dict(ways(577)).tag(sync=True)

    @traitlets.observe("response")
    def _compute(self, _):
        self.results = ways(self.response)

    def worked_numbers(self):
        shown = dict.fromkeys([self.response, 577, -346])
        return ("response", *ways(0)), [(response, *ways(response).values()) for response in shown]
