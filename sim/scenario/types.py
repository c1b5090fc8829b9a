"""Types of parameters shared by several sections."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

KindName = Literal["bank", "exchange", "processor", "hawala_broker", "otc_trader", "courier"]
Shares = tuple[Annotated[float, Field(ge=0, le=1)], ...]
DatedShare = dict[date, Annotated[float, Field(ge=0, le=1)]]
DatedFactor = dict[date, Annotated[float, Field(ge=0, le=100)]]
