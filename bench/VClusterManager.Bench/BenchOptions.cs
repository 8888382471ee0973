using VClusterManager.Bench.World;

namespace VClusterManager.Bench;

/// <summary>What was asked for on the command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        Usage: ./bench/run.sh [reads|auth|accept|create|start|events|proxy|dynamic|expiry|webhooks] [--short]

          --short          few and small rounds: shows that everything is measured, not how fast it is
          --results FILE   the file whose sections are renewed (default: RESULTS.md in the working folder)
          --server FILE    the manager's executable (default: the one built beside this program)
          --bare FILE      the executable of the bare Kestrel (default: the one built beside this program)
          --commit TEXT    what is measured, for the results
        """;

    /// <summary>The only figure to measure; null: all.</summary>
    public string? Figure { get; init; }

    public bool Short { get; init; }

    public string Results { get; init; } = Path.GetFullPath("RESULTS.md");

    public string Server { get; init; } = BuildPaths.Server;

    public string Bare { get; init; } = BuildPaths.Bare;

    public string Commit { get; init; } = "unknown";

    /// <summary>As a person would type it.</summary>
    public string Command => string.Join(' ', ["./bench/run.sh", .. Words()]);

    /// <summary>Null: not understood.</summary>
    public static BenchOptions? Parse(IReadOnlyList<string> arguments, IReadOnlyList<string> figures)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            var next =
                word == "--short" ? options with { Short = true }
                : figures.Contains(word) && options.Figure is null ? options with { Figure = word }
                : i + 1 < arguments.Count ? options.With(word, arguments[++i])
                : null;
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options;
    }

    /// <summary>The full number of something, or the small one that a short run makes do with.</summary>
    public int Pick(int full, int small) => Short ? small : full;

    private BenchOptions? With(string name, string value) =>
        name switch
        {
            "--results" => this with { Results = Path.GetFullPath(value) },
            "--server" => this with { Server = Path.GetFullPath(value) },
            "--bare" => this with { Bare = Path.GetFullPath(value) },
            "--commit" => this with { Commit = value },
            _ => null,
        };

    private IEnumerable<string> Words() =>
        [.. Figure is null ? (string[])[] : [Figure], .. Short ? (string[])["--short"] : []];
}
