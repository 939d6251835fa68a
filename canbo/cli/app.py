"""The command ``canbo``: registers the commands, sets the language, turns refusals into one sentence and exit 2."""

import sys
from typing import Annotated, Literal

import typer

from canbo.cli import (
    account,
    backup,
    bridge,
    check_data,
    export,
    figure,
    import_data,
    imports,
    measure,
    migrate,
    reorganise,
    restore,
    sample,
    scheme,
    scorecard,
    seal,
    serve,
    template,
    verify,
    who,
)
from canbo.cli.printing import print_refusal
from canbo.common.findings import Refused
from canbo.common.language import Language, speaking
from canbo.installation.users import name_connections

app = typer.Typer(
    name="canbo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="CanBo đo, kiểm tra và lập kế hoạch chất lượng đội ngũ cán bộ của một tỉnh.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _language(
    context: typer.Context,
    lang: Annotated[Literal["vi", "en"], typer.Option(help="Ngôn ngữ in ra / language printed.")] = "vi",
) -> None:
    context.with_resource(speaking(lang))
    name_connections(context.invoked_subcommand or "")


app.command("measure")(measure.measure)
app.command("who")(who.who)
app.command("bridge")(bridge.bridge)
app.command("scorecard")(scorecard.print_scorecard)
app.command("schemes")(scheme.list_schemes)
app.add_typer(scheme.app, name="scheme")
app.command("template")(template.template)
app.command("check-data")(check_data.check_data)
app.command("sample")(sample.sample)
app.command("figure")(figure.figure)
app.command("migrate")(migrate.migrate)
app.command("import")(import_data.import_data)
app.add_typer(imports.app, name="imports")
app.command("export")(export.export)
app.command("backup")(backup.backup)
app.command("restore")(restore.restore)
app.command("verify")(verify.verify)
app.command("reorganise")(reorganise.reorganise)
app.command("serve")(serve.serve)
app.command("seal")(seal.seal)
app.command("seals")(seal.list_seals)
app.add_typer(account.app, name="account")


def main() -> None:
    """Run the command; a refusal is one sentence on stderr and exit 2, an interruption exit 130."""
    arguments, language = _take_language(sys.argv[1:])
    try:
        app(arguments)
    except Refused as refusal:
        with speaking(language):
            print_refusal(refusal)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _take_language(arguments: list[str]) -> tuple[list[str], Language]:
    """``--lang`` may stand anywhere in the line; it is moved to the front, where the option is defined."""
    rest: list[str] = []
    language: Language = "vi"
    found: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        if word == "--":
            rest += [word, *waiting]
        elif word == "--lang" or word.startswith("--lang="):
            value = word.partition("=")[2] if "=" in word else next(waiting, "")
            found = ["--lang", value]
            language = "en" if value == "en" else "vi"
        else:
            rest.append(word)
    return [*found, *rest], language
