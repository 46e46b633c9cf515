"""Instruments on the wire."""

from marshmallow import Schema, fields


class LicenceSchema(Schema):
    """Whose text it is."""

    ship = fields.String()
    status = fields.String()
    notice = fields.String()


class RecallSchema(Schema):
    """The time the questions ask about."""

    days = fields.Integer()
    text = fields.String()


class OptionSchema(Schema):
    """One possible answer."""

    score = fields.Integer()
    text = fields.String(allow_none=True)
    loinc = fields.String(allow_none=True)


class NumberSchema(Schema):
    """An answer that is a whole number; `unit` is `minutes` or `minute-of-day`."""

    low = fields.Integer()
    high = fields.Integer()
    unit = fields.String()


class SkipSchema(Schema):
    """Once `when` was answered so, the items of `sets` need not be asked and count as said."""

    when = fields.Dict(keys=fields.String(), values=fields.Integer())
    sets = fields.Dict(keys=fields.String(), values=fields.Integer())


class ItemSchema(Schema):
    """One question: with options, or asking for a number."""

    link_id = fields.String()
    text = fields.String(allow_none=True)
    loinc = fields.String(allow_none=True)
    critical = fields.Boolean()
    options = fields.List(fields.Nested(OptionSchema))
    number = fields.Nested(NumberSchema, allow_none=True)


class BandSchema(Schema):
    """One range of a score."""

    code = fields.String()
    min = fields.Raw(metadata={"type": "number"})
    max = fields.Raw(metadata={"type": "number"})
    title = fields.String()
    meaning = fields.String()


class ScoreSchema(Schema):
    """One score and its bands."""

    id = fields.String()
    title = fields.String()
    min = fields.Raw(metadata={"type": "number"})
    max = fields.Raw(metadata={"type": "number"})
    higher = fields.String(metadata={"description": "`worse` or `better`"})
    loinc = fields.String(allow_none=True)
    bands = fields.List(fields.Nested(BandSchema))


class ConsentTextSchema(Schema):
    """What is agreed to before answering."""

    version = fields.String()
    title = fields.String()
    text = fields.String()


class InstrumentLineSchema(Schema):
    """One line of the list."""

    id = fields.String()
    title = fields.String()
    version = fields.String()
    recall_period = fields.Nested(RecallSchema, allow_none=True)
    licence = fields.Nested(LicenceSchema)
    item_count = fields.Integer()
    minutes = fields.Integer()
    state = fields.String(metadata={"description": "with `all`: whether people can be asked it"})
    languages = fields.List(fields.String(), metadata={"description": "with `all`"})
    confidence = fields.String(
        metadata={"description": "with `all`: in what is said of the licence"}
    )
    text_status = fields.String(metadata={"description": "with `all`: where the wording stands"})


class InstrumentSchema(InstrumentLineSchema):
    """An instrument to answer. Unscored questions that may be left out stand apart."""

    text_hash = fields.String()
    stem = fields.String(allow_none=True)
    loinc = fields.String(allow_none=True)
    items = fields.List(fields.Nested(ItemSchema))
    skips = fields.List(fields.Nested(SkipSchema))
    optional_items = fields.List(fields.Nested(ItemSchema))
    scores = fields.List(fields.Nested(ScoreSchema))
    main = fields.String(
        allow_none=True, metadata={"description": "the score that the result's band is drawn on"}
    )
    bands = fields.List(fields.Nested(BandSchema))
    consent = fields.Nested(ConsentTextSchema)
    sources = fields.List(fields.String())


class InstrumentPageSchema(Schema):
    """Every instrument there is."""

    items = fields.List(fields.Nested(InstrumentLineSchema))
    next = fields.String(allow_none=True)


class InstrumentsQuerySchema(Schema):
    """`all` is for whoever decides what is offered (clinical-lead)."""

    all = fields.Boolean(load_default=False)
