"""The reference document of the editions' tests: every kind of node, in Swedish, with the hard cases of layout.

It holds a table longer than a page, a table wider than a page, grouped headers, footnotes in running text, in a list,
in a callout and in a table cell, nested lists, appendices, a figure whose figures stand in the appendix, and words
that need hyphenation. The authority and every number are made up.
"""

from __future__ import annotations

from typing import Any

from report_builder.document import nodes as n
from report_builder.document.resolve import resolve

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

CASE_TYPES = (
    "Klagomål enligt vårdlagen",
    "Tillståndsprövning",
    "Anmälan om allvarlig händelse",
    "Överklagande av avgiftsbeslut",
    "Egeninitierad granskning",
)

LOGOTYPE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36" width="36" height="36">'
    '<rect width="36" height="36" rx="4" fill="#ffffff"/>'
    '<path d="M9 26 V14 L18 8 L27 14 V26 Z" fill="none" stroke="#16436b" stroke-width="2.4"/>'
    '<path d="M14 26 V18 H22 V26" fill="none" stroke="#16436b" stroke-width="2.4"/></svg>'
)

LABELS = n.Labels(
    contents="Innehåll",
    table="Tabell",
    figure="Figur",
    appendix="Bilaga",
    chapter="Kapitel",
    section="Avsnitt",
    source="Källa",
    note="Anm.",
    page_of="{page} ({pages})",
    footnotes="Fotnoter",
    skip_to_content="Hoppa till innehållet",
    tables_of_figure="Figurens data",
)


def reference_document(*, final: bool = False) -> n.Document:
    """The resolved reference document; ``final`` leaves out the status marks."""
    return resolve(n.Document(meta=reference_meta(final=final), blocks=_blocks()))


def reference_meta(*, final: bool = False) -> n.Meta:
    """Its front matter; the authority is made up."""
    return n.Meta(
        title="Handläggningstider och ärendebalanser vid Exempelmyndigheten",
        subtitle="Periodisk rapport för åren 2023–2025",
        kind="periodisk-rapport",
        release="2026-02",
        running_title="Handläggningstider och ärendebalanser",
        language="sv",
        authority=n.Authority(
            name="Exempelmyndigheten för prövning och tillsyn",
            short="Exempelmyndigheten",
            web="www.exempel.se",
            primary="#16436b",
            accent="#c8102e",
            logotype=LOGOTYPE,
            logotype_alt="Exempelmyndighetens märke, ett hus",
        ),
        article_number="EX 2026-4",
        published="februari 2026",
        created="2026-02-13",
        reference="S2099/01234 (delvis)",
        commission="Uppdrag om handläggningstider",
        marks=() if final else ("Utkast", "Exempeldata"),
        mark_explanation=(
            ""
            if final
            else "Rapporten är ett utkast. Exempeldata är påhittade uppgifter och säger ingenting om utfallet."
        ),
        imprint=(
            ("Artikelnummer", "EX 2026-4"),
            ("Utgiven", "februari 2026"),
            ("Diarienummer", "1.2-00417/2026"),
            ("Regeringens beteckning", "S2099/01234 (delvis)"),
            ("Webbplats", "www.exempel.se"),
        ),
        citation_advice=(
            "Du får gärna citera rapporten om du anger källan.",
            "Ange så här: Exempelmyndigheten (2026). Handläggningstider och ärendebalanser. EX 2026-4.",
        ),
        labels=LABELS,
        status="final" if final else "draft",
    )


def _blocks() -> tuple[n.Block, ...]:
    return (*_summary(), *_situation(), *_measures(), *_wide_chapter(), *_method_appendix(), *_figure_appendix())


def _summary() -> tuple[n.Block, ...]:
    return (
        n.Heading(id="sammanfattning", level=1, scheme="plain", content=t("Sammanfattning")),
        p(
            "Antalet öppna ärenden har minskat till ",
            n.FactValue(fact_id="arendebalans.antal.alla.2025-12-31", text=f"12{NBSP}345"),
            " vid utgången av 2025. Det är ",
            n.FactValue(fact_id="arendebalans.antal.alla.2025-12-31~2024-12-31", text=f"{MINUS}1{NBSP}204 ärenden"),
            " jämfört med ett år tidigare",
            note("sammanfattning-balans", "Balansen räknas vid dygnets slut den sista dagen i perioden."),
            ". Mediantiden för klagomål var ",
            n.FactValue(fact_id="handlaggningstid.median.klagomal.2025", text=f"187{NBSP}dagar"),
            ". Utvecklingen beskrivs i ",
            n.CrossRef(target="nulage"),
            " och mätprinciperna i ",
            n.CrossRef(target="bilaga-matning"),
            ".",
        ),
        n.Callout(
            kind="note",
            title="Rapporten i korthet",
            blocks=(
                n.BulletList(
                    items=(
                        (p("Handläggningstiden har blivit kortare för tre av fem ärendeslag."),),
                        (
                            p(
                                "Andelen ärenden som avgörs inom sex månader är ",
                                n.FactValue(fact_id="handlaggningstid.andel-6-manader.alla.2025", text="61 procent"),
                                note(
                                    "ruta-sex-manader",
                                    "Gränsen följer ",
                                    n.Citation(content=t("12 § förvaltningslagen (2017:900)")),
                                    ".",
                                ),
                                ".",
                            ),
                        ),
                        (p("De äldsta ärendena avslutas först, och därför stiger medelvärdet."),),
                    )
                ),
            ),
        ),
    )


def _situation() -> tuple[n.Block, ...]:
    return (
        n.Heading(id="nulage", level=1, content=t("Nulägesbild")),
        p(
            "Det här kapitlet visar hur handläggningstider och ärendebalanser har utvecklats. ",
            n.Strong(content=t("Alla uppgifter är påhittade")),
            " och finns här för att pröva ",
            n.Emphasis(content=t("sättningen av en rapport")),
            ", inte för att beskriva en verksamhet. Läs mer på ",
            n.Link(
                url="https://www.exempel.se/handlaggningstider", content=t("myndighetens sida om handläggningstider")
            ),
            ".",
        ),
        n.Heading(id="nulage-balans", level=2, content=t("Ärendebalansens utveckling")),
        p(
            "Balansen har minskat i jämn takt sedan 2023, vilket framgår av ",
            n.CrossRef(target="fig-balans"),
            " och ",
            n.CrossRef(target="tab-balans"),
            ". Verksamhetsutvecklingsinsatserna och prioriteringsordningen för tillståndsprövningsärenden har haft "
            "betydelse, liksom den nya handläggningsordningen för överklaganden.",
        ),
        _balance_figure(),
        _balance_table(),
        n.Heading(id="nulage-tid", level=2, content=t("Handläggningstid per ärendeslag")),
        p(
            "Spridningen är stor mellan ärendeslagen. I ",
            n.CrossRef(target="tab-tid"),
            " redovisas median och nittionde percentil",
            note(
                "percentil",
                "Nio av tio ärenden avslutades inom den angivna tiden. Percentilen beräknas på ",
                n.Emphasis(content=t("avslutade")),
                " ärenden.",
            ),
            " för vart och ett av dem.",
        ),
        _time_table(),
        n.Heading(id="nulage-tid-tolkning", level=3, content=t("Så ska tiderna läsas")),
        p(
            "Tiderna räknas i kalenderdagar från det att ärendet registreras till dess att beslutet har expedierats. "
            "När de äldsta ärendena avslutas först stiger medelvärdet, även om nya ärenden går fortare."
        ),
        n.Callout(
            kind="warning",
            title="Brott i tidsserien",
            blocks=(
                p("Uppgifter före 2024 bygger på en äldre definition och kan inte jämföras rakt av med senare år."),
                p("Jämför därför bara år som räknats på samma sätt."),
            ),
        ),
    )


def _measures() -> tuple[n.Block, ...]:
    return (
        n.Heading(id="atgarder", level=1, content=t("Vidtagna och planerade åtgärder")),
        p("Åtgärderna genomförs i följande ordning:"),
        n.OrderedList(
            items=(
                (p("En gemensam ingång för nya ärenden."),),
                (
                    p("Förstärkt beredning av de äldsta ärendena, i två steg:"),
                    n.BulletList(items=((p("inventering av öppna ärenden"),), (p("särskild handläggargrupp"),))),
                ),
                (
                    p("Enklare beslutsmallar"),
                    p("Mallarna prövas först i en region och införs därefter i hela myndigheten."),
                ),
            )
        ),
        n.OrderedList(start=4, items=((p("Ett nytt stöd för avisering."),), (p("Uppföljning varje månad."),))),
        n.Heading(id="atgarder-risker", level=2, content=t("Identifierade risker")),
        p(
            "Den största risken är att inflödet ökar snabbare än kapaciteten",
            note("risk-inflode", "Se även ", n.CrossRef(target="tab-manader"), "."),
            ". En annan risk är att kompletteringar drar ut på tiden.",
        ),
        n.Callout(
            kind="method",
            title="Så mäter vi",
            blocks=(
                p("Ett ärende räknas som avslutat när det är slutligt beslutat och expedierat."),
                n.OrderedList(items=((p("Registrering startar klockan."),), (p("Expediering stoppar den."),))),
            ),
        ),
        n.Heading(id="begrepp", level=2, content=t("Begrepp")),
        n.DefinitionList(
            items=(
                n.Definition(term=t("ärendebalans"), meaning=t("antalet öppna ärenden vid en viss tidpunkt")),
                n.Definition(
                    term=t("handläggningstid"),
                    meaning=(
                        *t("tiden från registrering till expedierat beslut, se "),
                        n.CrossRef(target="bilaga-klocka"),
                    ),
                ),
                n.Definition(term=t("riktvärde"), meaning=t("ett värde som stöder målet utan att självt vara ett mål")),
            )
        ),
    )


def _wide_chapter() -> tuple[n.Block, ...]:
    months = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
    rows = tuple(
        row(name, *(number(f"{120 + 37 * i + 11 * m}") for m in range(12)), number(f"{2160 + 444 * i}"))
        for i, name in enumerate(CASE_TYPES)
    )
    return (
        n.Heading(id="inflode", level=1, content=t("Inflöde månad för månad")),
        p("Tabellen är bred och ligger därför på ett liggande blad."),
        n.Table(
            id="tab-inflode",
            caption=t("Inkomna ärenden per månad och ärendeslag, 2025"),
            columns=(
                n.Column(id="arendeslag", header=t("Ärendeslag"), width=4),
                *(n.Column(id=m, header=t(m), align="number") for m in months),
                n.Column(id="summa", header=t("Summa"), align="number"),
            ),
            groups=(("", 1), ("Första halvåret", 6), ("Andra halvåret", 6), ("", 1)),
            rows=(
                *rows,
                total("Samtliga", *(f"{970 + 55 * m}" for m in range(12)), f"15{NBSP}240"),
            ),
            notes=(t("Ärenden som har återöppnats räknas inte som inkomna."),),
            source=t("Exempelmyndighetens ärendesystem, uttag 2025-12-31."),
            wide=True,
        ),
        p("Efter tabellen fortsätter texten på ett stående blad, som vanligt."),
    )


def _method_appendix() -> tuple[n.Block, ...]:
    return (
        n.Heading(id="bilaga-matning", level=1, scheme="appendix", content=t("Principer för mätning")),
        p("Här beskrivs hur uppgifterna har tagits fram."),
        n.Heading(id="bilaga-klocka", level=2, scheme="appendix", content=t("När klockan startar och stannar")),
        p(
            "Klockan startar när ärendet registreras och stannar när beslutet har expedierats. Tid för komplettering "
            "räknas in",
            note("komplettering", "En tidigare definition räknade tiden från betald avgift."),
            ".",
        ),
        n.Heading(id="bilaga-manader", level=2, scheme="appendix", content=t("Uppgifter månad för månad")),
        p("Tabellen är längre än en sida och fortsätter på nästa med upprepade rubriker."),
        _months_table(),
    )


def _figure_appendix() -> tuple[n.Block, ...]:
    return (
        n.Heading(id="bilaga-siffror", level=1, scheme="appendix", content=t("Siffrorna bakom figurerna")),
        p("Varje figur i rapporten har sina siffror här."),
        _figure_data(),
    )


def _balance_figure() -> n.Figure:
    return n.Figure(
        id="fig-balans",
        caption=t("Öppna ärenden vid årets slut, 2023–2025"),
        alt=(
            "Linjediagram över antalet öppna ärenden vid årets slut. Klagomål minskar från 5 210 till 4 480 och "
            "tillståndsprövning från 3 930 till 3 120 mellan 2023 och 2025."
        ),
        spec=_spec(),
        data=_figure_data(),
        notes=(t("Den lodräta axeln börjar på noll."),),
        source=t("Exempelmyndighetens ärendesystem, uttag 2025-12-31."),
    )


BALANCES = (("Klagomål", (5210, 4905, 4480)), ("Tillståndsprövning", (3930, 3555, 3120)))


def _spec() -> dict[str, Any]:
    values = [
        {"datum": f"{2023 + i}-12-31", "slag": name, "antal": value}
        for name, series in BALANCES
        for i, value in enumerate(series)
    ]
    colour = {"field": "slag", "type": "nominal", "legend": None, "scale": {"range": ["#16436b", "#a8440a"]}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "width": 440,
        "height": 200,
        "padding": {"left": 5, "top": 5, "bottom": 5, "right": 120},
        "encoding": {
            "x": {
                "field": "datum",
                "type": "temporal",
                "timeUnit": "year",
                "axis": {"format": "%Y", "tickCount": "year", "title": None, "grid": False},
            },
            "y": {"field": "antal", "type": "quantitative", "axis": {"format": ",.0f", "title": "Antal ärenden"}},
            "color": colour,
        },
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2.2, "point": {"size": 40}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "fontWeight": 600},
                "transform": [{"filter": "year(datum.datum) == 2025"}],
                "encoding": {"text": {"field": "slag"}},
            },
        ],
        "config": {
            "font": "Source Sans 3",
            "view": {"stroke": None},
            "background": "#ffffff",
            "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 600, "gridColor": "#dddddd"},
        },
    }


def _figure_data() -> n.Table:
    return n.Table(
        id="fig-balans-data",
        caption=t("Öppna ärenden vid årets slut, 2023–2025 (antal)"),
        columns=(
            n.Column(id="slag", header=t("Ärendeslag"), width=3),
            *(n.Column(id=f"ar-{y}", header=t(str(y)), align="number") for y in (2023, 2024, 2025)),
        ),
        rows=tuple(
            row(name, *(number(f"{v // 1000}{NBSP}{v % 1000:03d}") for v in series)) for name, series in BALANCES
        ),
        source=t("Exempelmyndighetens ärendesystem, uttag 2025-12-31."),
    )


def _balance_table() -> n.Table:
    years = ("2023", "2024", "2025")
    return n.Table(
        id="tab-balans",
        caption=t("Ärendebalans vid årets slut per ärendeslag"),
        columns=(
            n.Column(id="arendeslag", header=t("Ärendeslag"), width=4),
            *(n.Column(id=f"ar-{y}", header=t(y), align="number") for y in years),
            n.Column(id="forandring", header=t("Förändring (%)"), align="number", width=2),
        ),
        rows=(
            *(
                row(
                    name,
                    *(number(f"{5 - i}{NBSP}{210 - 31 * i - 9 * y:03d}") for y in range(3)),
                    number(f"{MINUS}{4 + i},{i}"),
                )
                for i, name in enumerate(CASE_TYPES)
            ),
            total("Samtliga ärendeslag", f"14{NBSP}102", f"13{NBSP}549", f"12{NBSP}345", f"{MINUS}8,9"),
        ),
        notes=(t("Summan kan skilja sig från delarna på grund av avrundning."), t("Uppgiften för 2023 är preliminär.")),
        source=t("Exempelmyndighetens ärendesystem, uttag 2025-12-31."),
    )


def _time_table() -> n.Table:
    def cells(i: int) -> tuple[tuple[n.Inline, ...], ...]:
        return tuple(
            (n.FactValue(fact_id=f"handlaggningstid.{s}.slag-{i}.{y}", text=f"{d}"),)
            for y, shift in (("2024", 9), ("2025", 0))
            for s, d in (("median", 121 + 23 * i + shift), ("p90", 402 + 31 * i + shift))
        )

    footnoted = (
        *t("Överklagande av avgiftsbeslut"),
        note("tab-tid-overklagande", "Ärendeslaget fick en egen kod den 1 mars 2024."),
    )
    return n.Table(
        id="tab-tid",
        caption=t("Handläggningstid i dagar för avslutade ärenden, median och nittionde percentil"),
        columns=(
            n.Column(id="arendeslag", header=t("Ärendeslag"), width=3),
            n.Column(id="median-2024", header=t("Median"), align="number"),
            n.Column(id="p90-2024", header=t("90:e percentil"), align="number"),
            n.Column(id="median-2025", header=t("Median"), align="number"),
            n.Column(id="p90-2025", header=t("90:e percentil"), align="number"),
        ),
        groups=(("", 1), ("2024", 2), ("2025", 2)),
        rows=tuple(
            n.Row(cells=(footnoted if name.startswith("Överklagande") else t(name), *cells(i)))
            for i, name in enumerate(CASE_TYPES)
        ),
        notes=(t("Tecknet .. betyder att uppgift saknas."),),
        source=(*t("Exempelmyndighetens ärendesystem, se även "), n.CrossRef(target="bilaga-matning"), *t(".")),
    )


def _months_table() -> n.Table:
    months = [f"{year}-{month:02d}" for year in range(2016, 2026) for month in range(1, 13)]
    return n.Table(
        id="tab-manader",
        caption=t("Inkomna, avslutade och öppna ärenden månad för månad, 2016–2025"),
        columns=(
            n.Column(id="manad", header=t("Månad"), width=2),
            n.Column(id="inkomna", header=t("Inkomna"), align="number"),
            n.Column(id="avslutade", header=t("Avslutade"), align="number"),
            n.Column(id="balans", header=t("Balans"), align="number"),
            n.Column(id="kommentar", header=t("Kommentar"), width=3),
        ),
        rows=(
            *(
                n.Row(
                    cells=(
                        t(month),
                        number(f"{900 + 7 * i % 100}"),
                        number(f"{880 + 13 * i % 100}"),
                        number(f"14{NBSP}{i:03d}"),
                        t("Ny handläggningsordning infördes under månaden.") if i % 24 == 5 else t("–"),
                    )
                )
                for i, month in enumerate(months)
            ),
            n.Row(
                cells=(t("Hela perioden"), number(f"66{NBSP}384"), number(f"66{NBSP}001"), number(".."), t("–")),
                kind="total",
            ),
        ),
        source=t("Exempelmyndighetens ärendesystem, uttag 2025-12-31."),
    )


def t(text: str) -> tuple[n.Inline, ...]:
    """Plain words as inline content."""
    return (n.Text(text=text),)


def p(*parts: str | n.Inline) -> n.Paragraph:
    """A paragraph of words and inline nodes."""
    return n.Paragraph(content=inline(*parts))


def note(note_id: str, *parts: str | n.Inline) -> n.Footnote:
    """A footnote of words and inline nodes."""
    return n.Footnote(id=f"not-{note_id}", content=inline(*parts))


def inline(*parts: str | n.Inline) -> tuple[n.Inline, ...]:
    """Words and inline nodes as inline content."""
    return tuple(n.Text(text=part) if isinstance(part, str) else part for part in parts)


def number(text: str) -> tuple[n.Inline, ...]:
    """A number cell."""
    return t(text)


def row(name: str, *cells: tuple[n.Inline, ...]) -> n.Row:
    """A body row with its name first."""
    return n.Row(cells=(t(name), *cells))


def total(name: str, *cells: str) -> n.Row:
    """A total row with its name first."""
    return n.Row(cells=(t(name), *(t(cell) for cell in cells)), kind="total")
