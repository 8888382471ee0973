using System.Text.RegularExpressions;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Reading;
using VClusterManager.Server.Http;
using VClusterManager.Server.Processes;
using VClusterManager.Server.VCluster;

namespace VClusterManager.Server.DynamicEndpoints.Running;

/// <summary>What the end of a command means to the caller. The tools have one exit code and many phrases. Pure.</summary>
internal static partial class CommandOutcome
{
    /// <summary>Bytes of standard error that are read; what is told of it is far less.</summary>
    public const int MaxErrorBytes = 64 * 1024;

    private const int LongestQuote = 300;

    /// <summary>The failure; <see langword="null"/>: it ended well.</summary>
    public static Problem? Failure(EndpointDefinition endpoint, ToolResult run) =>
        run.End switch
        {
            ToolEnd.NotStarted => new Problem(ProblemKind.Unavailable, Sentence(run.Error)),
            ToolEnd.TimedOut => new Problem(
                ProblemKind.TimedOut,
                $"{endpoint.Command} did not end within {DurationText.Format(endpoint.Timeout)} and was stopped."
            ),
            ToolEnd.Cancelled => new Problem(ProblemKind.Unavailable, $"{endpoint.Command} was stopped."),
            _ when run.ExitCode == 0 || IsAnswer(endpoint, run) => null,
            _ => OfExit(endpoint, run),
        };

    public static Problem TooMuch(EndpointDefinition endpoint) =>
        new(
            ProblemKind.ToolFailed,
            $"{endpoint.Command} printed more than {endpoint.MaxOutput} bytes and was stopped."
        );

    /// <summary>It ended well, and yet has not printed JSON.</summary>
    public static Problem NotJson(EndpointDefinition endpoint, string output, string error)
    {
        var said = Quote(error.Trim().Length > 0 ? error : output);
        return new Problem(
            ProblemKind.ToolFailed,
            said.Length > 0
                ? $"{endpoint.Command} answered with something that is not JSON: {Sentence(said)}"
                : $"{endpoint.Command} answered with nothing, which is not JSON."
        );
    }

    /// <summary>kubectl says by exit code 1 that there are differences, or that one may not.</summary>
    private static bool IsAnswer(EndpointDefinition endpoint, ToolResult run) =>
        run.ExitCode == 1
        && endpoint.Command == CommandRules.Kubectl
        && endpoint.Arguments.Take(2).Select(a => a.Template.Written).ToArray() is ["diff", ..] or ["auth", "can-i"]
        && run.Error.Split('\n')
            .All(line => string.IsNullOrWhiteSpace(line) || line.StartsWith("Warning:", StringComparison.Ordinal));

    private static Problem OfExit(EndpointDefinition endpoint, ToolResult run)
    {
        var said = MessageOf(run.Error);
        if (run.Signal is { } signal)
        {
            return Failed(endpoint, run, $"{endpoint.Command} was killed ({signal}).");
        }

        if (said.Length == 0)
        {
            return Failed(
                endpoint,
                run,
                $"{endpoint.Command} failed and said nothing on standard error (exit code {run.ExitCode})."
            );
        }

        var kind = KindOf(said);
        return kind switch
        {
            ProblemKind.ToolFailed => Failed(endpoint, run, Sentence(said)),
            ProblemKind.Invalid when InputOf(endpoint) is not { } field => Failed(endpoint, run, Sentence(said)),
            ProblemKind.Invalid => new Problem(kind, Sentence(said))
            {
                Errors = new Dictionary<string, string[]> { [InputOf(endpoint)!] = [said] },
            },
            _ => new Problem(kind, Sentence(said)),
        };
    }

    private static ProblemKind KindOf(string said) =>
        NotFound().IsMatch(said) ? ProblemKind.NotFound
        : Forbidden().IsMatch(said) ? ProblemKind.Forbidden
        : Conflict().IsMatch(said) ? ProblemKind.Conflict
        : TimedOut().IsMatch(said) ? ProblemKind.TimedOut
        : Unreachable().IsMatch(said) ? ProblemKind.Unavailable
        : Invalid().IsMatch(said) ? ProblemKind.Invalid
        : ProblemKind.ToolFailed;

    /// <summary>What the caller has sent for the tool to read; <see langword="null"/>: nothing.</summary>
    private static string? InputOf(EndpointDefinition endpoint) =>
        endpoint.StdinIsBody ? "body"
        : endpoint.Stdin is { Parameters: [var name, ..] } ? name
        : null;

    /// <summary>vcluster's fatal line, else all that was said: without colours, control characters and temporary paths.</summary>
    internal static string MessageOf(string error)
    {
        var entries = CliText.Entries(error);
        var fatal = entries.LastOrDefault(e => e.Level == "fatal").Text;
        return Plain(CliText.Clean(fatal ?? error));
    }

    private static string Quote(string text)
    {
        var plain = Plain(CliText.Clean(text));
        return plain.Length <= LongestQuote ? plain : string.Concat(plain.AsSpan(0, LongestQuote), "…");
    }

    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    private static Problem Failed(EndpointDefinition endpoint, ToolResult run, string detail) =>
        new(ProblemKind.ToolFailed, detail)
        {
            Extensions = new Dictionary<string, object?>
            {
                ["command"] = endpoint.Command,
                ["exit_code"] = run.ExitCode,
            },
        };

    private static string Sentence(string text) => text.EndsWith('.') || text.EndsWith('…') ? text : text + ".";

    [GeneratedRegex(@"\(NotFound\)|couldn't find vcluster|doesn't have a resource type", RegexOptions.NonBacktracking)]
    private static partial Regex NotFound();

    [GeneratedRegex(@"\(Forbidden\)|is forbidden:|cannot (?:list|get|watch) resource", RegexOptions.NonBacktracking)]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"\(AlreadyExists\)|\(Conflict\)", RegexOptions.NonBacktracking)]
    private static partial Regex Conflict();

    [GeneratedRegex(
        "timed out waiting for|watch closed before|exceeded its progress deadline",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex TimedOut();

    [GeneratedRegex(
        @"Unable to connect to the server|was refused - did you specify|connection refused|connection reset|no such host|no route to host|i/o timeout|"
            + @"TLS handshake|context deadline exceeded|\(ServiceUnavailable\)|\(TooManyRequests\)|\(InternalError\)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Unreachable();

    [GeneratedRegex(
        @"\(Invalid\)|\(BadRequest\)|is invalid: |error parsing|error validating|no objects passed to|strict decoding error|"
            + "no matches for kind|mapping values are not allowed|unable to decode",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Invalid();
}
