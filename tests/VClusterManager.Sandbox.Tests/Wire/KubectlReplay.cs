using System.Text.RegularExpressions;
using VClusterManager.Sandbox.Tests.Clients;

namespace VClusterManager.Sandbox.Tests.Wire;

/// <summary>One command that was given to kubectl, the requests that it made, and what it printed.</summary>
internal sealed record KubectlRecording(string Command, IReadOnlyList<string> Requests, string Output);

/// <summary>Gives the recorded commands to kubectl once more, in their order, against the emulated host.</summary>
public sealed partial class KubectlReplay : IAsyncLifetime
{
    internal const string File = "kubectl";

    /// <summary>Commands whose output is not compared, and why. Their requests are.</summary>
    internal static readonly Dictionary<string, string> OutputExceptions = new(StringComparer.Ordinal)
    {
        ["kubectl explain statefulset.spec.replicas"] = "the emulated documents carry no descriptions",
    };

    private readonly ClientSandbox _clients = new();
    private readonly Dictionary<string, KubectlRecording> _answers = new(StringComparer.Ordinal);

    internal static IReadOnlyList<KubectlRecording> Recordings { get; } = Read();

    internal KubectlRecording AnswerTo(string command) => _answers[command];

    public async ValueTask InitializeAsync()
    {
        await _clients.InitializeAsync();
        var folder = _clients.Folder("recorded");
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "sts.yaml"), StatefulSet);
        foreach (
            var preparation in (string[])
                ["create ns k", "create ns r", $"apply -f {folder}/sts.yaml", "-n k scale sts/web --replicas=0"]
        )
        {
            (await _clients.KubectlAsync(Target.Host, preparation)).ShouldSucceed();
        }

        (await _clients.KubectlAsync(Target.Host, "-n k wait --for=delete pod/web-0 --timeout=30s")).ShouldSucceed();
        (
            await _clients.KubectlAsync(Target.Host, "-n k wait --for=jsonpath={.status.replicas}=0 sts/web")
        ).ShouldSucceed();
        foreach (var recording in Recordings)
        {
            var arguments = recording
                .Command["kubectl ".Length..]
                .Replace("sts.yaml", $"{folder}/sts.yaml", StringComparison.Ordinal);
            if (arguments.StartsWith("rollout status", StringComparison.Ordinal))
            {
                (
                    await _clients.KubectlAsync(
                        Target.Host,
                        "-n k wait --for=jsonpath={.status.readyReplicas}=1 sts/web"
                    )
                ).ShouldSucceed();
            }

            _answers[recording.Command] = await AnswerAsync(recording, arguments);
        }
    }

    /// <summary>What was recorded with a limit of 2 s only reads: where a busy machine met the limit, it is asked again.</summary>
    private async Task<KubectlRecording> AnswerAsync(KubectlRecording recording, string arguments)
    {
        for (var left = recording.Command.Contains("timeout=2s", StringComparison.Ordinal) ? 5 : 0; ; left--)
        {
            var outcome = await _clients.KubectlAsync(Target.Host, $"{arguments} -v=6");
            var answer = Parse(recording.Command, outcome.Error.Split('\n').Concat(outcome.Out.Split('\n')));
            if (left == 0 || (answer.Output == recording.Output && answer.Requests.SequenceEqual(recording.Requests)))
            {
                return answer;
            }
        }
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    private static List<KubectlRecording> Read() =>
        [
            .. System
                .IO.File.ReadAllText(Path.Combine(Recording.Folder, $"{File}.txt"))
                .Split("$ kubectl ", StringSplitOptions.RemoveEmptyEntries)
                .Select(section => section.Split('\n'))
                .Select(lines => Parse($"kubectl {lines[0]}", lines.Skip(1))),
        ];

    private static KubectlRecording Parse(string command, IEnumerable<string> lines)
    {
        var (requests, output) = (new List<string>(), new List<string>());
        foreach (var line in lines)
        {
            if (Request().Match(line) is { Success: true } request)
            {
                var asked = Changing().Replace(Sorted(request.Groups["path"].Value), "${name}NEW");
                requests.Add($"{request.Groups["verb"].Value} {asked} {request.Groups["status"].Value}");
            }
            else if (!LogLine().IsMatch(line))
            {
                output.Add(line);
            }
        }

        return new KubectlRecording(command, requests, SameOutput(string.Join('\n', output)));
    }

    /// <summary>kubectl takes the terms of a selector from a map, in any order.</summary>
    private static string Sorted(string path) =>
        FieldTerms().Replace(path, terms => string.Join("%2C", terms.Value.Split("%2C").Order(StringComparer.Ordinal)));

    /// <summary>What happened to an object is told at other times, and the namespaces of the virtual cluster are ours.</summary>
    private static string SameOutput(string output)
    {
        output = Ages().Replace(OwnLines().Replace(output, ""), "AGE");
        var events = output.IndexOf("\nEvents:", StringComparison.Ordinal);
        output = events > 0 ? output[..events] : output;
        return Spaces().Replace(output, " ").Trim();
    }

    /// <summary>Of the status as much as was kept of all: long lines are cut.</summary>
    [GeneratedRegex(
        """ "Response" verb="(?<verb>[A-Z]+)" url="(?:\$API|https://[^/]+)(?<path>[^"]*)" status="(?<status>\d\d)""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Request();

    [GeneratedRegex("(?<=fieldSelector=)[^&]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FieldTerms();

    [GeneratedRegex(@"^[IEW]\d{4} ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LogLine();

    [GeneratedRegex(
        @"(?<name>hash=|resourceVersion=|timeoutSeconds=|uid%3D)[0-9a-zA-Z-]+",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Changing();

    [GeneratedRegex(@"\b(\d+m)?\d+s\b|SHA256=[0-9a-f]+|(?<=CreationTimestamp: ).*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ages();

    [GeneratedRegex(@"^vcluster-demo .*\n", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex OwnLines();

    [GeneratedRegex("[ \t]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Spaces();

    private const string StatefulSet = """
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"labels":{"app":"web"},"name":"web","namespace":"k"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"serviceName":"web","template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"image":"example.com/c:1","name":"c"}]}}}}
        """;
}
