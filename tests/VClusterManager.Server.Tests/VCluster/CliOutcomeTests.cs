using System.Text.RegularExpressions;
using Shouldly;
using VClusterManager.Server.Processes;
using VClusterManager.Server.VCluster;
using Xunit;

namespace VClusterManager.Server.Tests.VCluster;

public sealed partial class CliOutcomeTests
{
    // Every recorded run that failed; those that are not named here ended with exit code 0.
    private static readonly Dictionary<string, CliVerdict> Failures = new()
    {
        ["21-create-again"] = CliVerdict.AlreadyExists,
        ["23-create-second-in-namespace"] = CliVerdict.NamespaceTaken,
        ["24-create-badname-dash"] = CliVerdict.ValuesRejected,
        ["24-create-badname-digit"] = CliVerdict.ValuesRejected,
        ["24-create-badname-dot"] = CliVerdict.ValuesRejected,
        ["24-create-badname-empty"] = CliVerdict.ValuesRejected,
        ["24-create-badname-slash"] = CliVerdict.ValuesRejected,
        ["24-create-badname-space"] = CliVerdict.Failed,
        ["24-create-badname-underscore"] = CliVerdict.ValuesRejected,
        ["24-create-badname-upper"] = CliVerdict.ValuesRejected,
        ["24-create-badnamespace"] = CliVerdict.ValuesRejected,
        ["24-create-name-54"] = CliVerdict.ValuesRejected,
        ["24-create-noname"] = CliVerdict.ToolBroken,
        ["24-create-twonames"] = CliVerdict.ToolBroken,
        ["25-create-kubernetes-version-flag"] = CliVerdict.ToolBroken,
        ["26-values-embedded-etcd"] = CliVerdict.ValuesRejected,
        ["26-values-ha-sqlite"] = CliVerdict.ValuesRejected,
        ["26-values-invalid-yaml"] = CliVerdict.ValuesRejected,
        ["26-values-k3s"] = CliVerdict.ValuesRejected,
        // The file is ours: the caller could mend nothing.
        ["26-values-missing-file"] = CliVerdict.Failed,
        ["26-values-sleepmode"] = CliVerdict.ValuesRejected,
        ["26-values-stdin"] = CliVerdict.Failed,
        ["26-values-unknown-key"] = CliVerdict.ValuesRejected,
        ["26-values-wrong-type"] = CliVerdict.ValuesRejected,
        ["27-create-chart-version-other"] = CliVerdict.Failed,
        ["28-create-unknown-flag"] = CliVerdict.ToolBroken,
        ["30-nokubeconfig-create"] = CliVerdict.HostUnreachable,
        ["30-unauthenticated-create"] = CliVerdict.Forbidden,
        ["30-unreachable-create-demo-namespace-demo-connect-false"] = CliVerdict.HostUnreachable,
        ["30-unreachable-delete-demo-n-demo"] = CliVerdict.HostUnreachable,
        ["30-unreachable-pause-demo-n-demo"] = CliVerdict.HostUnreachable,
        ["30-unreachable-resume-demo-n-demo"] = CliVerdict.HostUnreachable,
        ["42-create-while-paused"] = CliVerdict.AlreadyExists,
        ["43-pause-missing"] = CliVerdict.NotFoundOrUnreadable,
        ["43-resume-again"] = CliVerdict.NotPausedOrUnreadable,
        ["43-resume-missing"] = CliVerdict.NotFoundOrUnreadable,
        ["45-resume-scaled-down"] = CliVerdict.NotPausedOrUnreadable,
        ["51-create-connect-default"] = CliVerdict.Failed,
        ["60-delete-missing"] = CliVerdict.NotFoundOrUnreadable,
        ["60-delete-noname"] = CliVerdict.ToolBroken,
        ["61-delete-again"] = CliVerdict.NotFoundOrUnreadable,
        ["66-delete-no-release"] = CliVerdict.ReleaseMissing,
        ["67-create-no-sts"] = CliVerdict.AlreadyExists,
        ["67-delete-no-sts"] = CliVerdict.NotFoundOrUnreadable,
        ["70-concurrent-create-2"] = CliVerdict.Raced,
        ["71-concurrent-delete-1"] = CliVerdict.Raced,
        ["72-concurrent-upgrade-2"] = CliVerdict.Raced,
        ["74-after-kill-1.0-create"] = CliVerdict.AlreadyExists,
        ["74-after-kill-1.5-create"] = CliVerdict.AlreadyExists,
        ["75-after-sigkill-0.7-create"] = CliVerdict.AlreadyExists,
        ["76-pending-create"] = CliVerdict.LockHeld,
        ["76-pending-delete"] = CliVerdict.NotFoundOrUnreadable,
        ["76-pending-upgrade"] = CliVerdict.LockHeld,
        ["80-nohelm-create"] = CliVerdict.ToolBroken,
        ["83-create-again-logjson"] = CliVerdict.AlreadyExists,
        ["83-create-again-silent"] = CliVerdict.AlreadyExists,
        ["84-cwd-has-vcluster-dir"] = CliVerdict.ToolBroken,
        ["91-ns-admin-create"] = CliVerdict.Forbidden,
        ["91-ns-admin-create-newns"] = CliVerdict.Forbidden,
        ["91-ns-admin-create-noclusterrole"] = CliVerdict.Forbidden,
        ["91-ns-admin-create-noclusterrole-upgrade"] = CliVerdict.Forbidden,
        ["91-ns-admin-delete"] = CliVerdict.NotFoundOrUnreadable,
        ["92-ns-admin-create-nons-noclusterrole"] = CliVerdict.Forbidden,
        ["real-07-resume-when-running"] = CliVerdict.NotPausedOrUnreadable,
    };

    public static TheoryData<string> Transcripts() =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "VCluster", "Transcripts");

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Every_recorded_run_is_understood(string transcript)
    {
        var (verb, run) = Recorded(transcript);

        var result = CliOutcome.Read(verb, run);

        result.Verdict.ShouldBe(Failures.GetValueOrDefault(transcript, CliVerdict.Done), result.Message);
        if (transcript is not "83-create-silent" and not "60-delete-missing-ignore")
            result.Message.ShouldNotBeEmpty();
        result.Message.ShouldNotContain("\e");
        result.Message.ShouldNotContain("$TMPDIR");
        result.Message.ShouldNotContain("helm upgrade");
        result.Message.ShouldNotContain("- Use ");
        result.Message.ShouldNotMatch(@"\d\d:\d\d:\d\d");
        result.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Every_failure_in_the_table_is_recorded() =>
        Failures.Keys.Except(Transcripts().Select(row => row.Data)).ShouldBeEmpty();

    [Theory]
    [InlineData("20-create-new", "Successfully created virtual cluster demo in namespace demo.")]
    [InlineData("42-pause-again", "Successfully paused vcluster demo/demo")]
    [InlineData("76-pending-helm-uninstall", "release \"sk\" uninstalled")]
    [InlineData("21-create-again", "vcluster demo already exists in namespace demo")]
    [InlineData("26-values-unknown-key", "merge values: invalid config: unknown field \"resource\"")]
    [InlineData("70-concurrent-create-2", "release: already exists")]
    [InlineData("76-pending-upgrade", "another operation (install/upgrade/rollback) is in progress")]
    [InlineData(
        "71-concurrent-delete-1",
        "uninstallation completed with 1 error(s): uninstall: Failed to purge the release: secrets \"sh.helm.release.v1.conc.v1\" not found"
    )]
    [InlineData(
        "91-ns-admin-create-noclusterrole",
        "namespaces is forbidden: User \"operator\" cannot create resource \"namespaces\" in API group \"\" at the cluster scope"
    )]
    [InlineData("60-delete-missing", "couldn't find vcluster nosuch: it is not there, or the host could not be read")]
    [InlineData(
        "30-unreachable-delete-demo-n-demo",
        "Error retrieving vclusters: find vcluster: Get \"https://127.0.0.1:1/apis/apps/v1/namespaces/demo/statefulsets?labelSelector=app%3Dvcluster\": dial tcp 127.0.0.1:1: connect: connection refused"
    )]
    [InlineData(
        "80-nohelm-create",
        "helm was not found, and vcluster could not fetch one: set vcluster.helm (VCM__VCLUSTER__HELM)"
    )]
    public void Messages_say_what_a_person_needs(string transcript, string message)
    {
        var (verb, run) = Recorded(transcript);

        CliOutcome.Read(verb, run).Message.ShouldBe(message);
    }

    [Fact]
    public void Several_errors_of_helm_are_told_apart()
    {
        var (verb, run) = Recorded("24-create-badname-digit");

        CliOutcome
            .Read(verb, run)
            .Message.ShouldMatch("^Service \"1abc-headless\" is invalid: .* / Service \"1abc\" is invalid: ");
    }

    [Theory]
    [InlineData(
        nameof(ToolEnd.TimedOut),
        nameof(CliVerdict.TimedOut),
        "vcluster create did not end within 300 s and was stopped"
    )]
    [InlineData(nameof(ToolEnd.Cancelled), nameof(CliVerdict.Cancelled), "vcluster create was stopped after 300 s")]
    [InlineData(nameof(ToolEnd.NotStarted), nameof(CliVerdict.ToolBroken), "/opt/vcluster does not exist.")]
    public void A_run_that_did_not_end_by_itself_is_no_failure_of_the_cli(string end, string verdict, string message)
    {
        var run = new ToolResult(
            Enum.Parse<ToolEnd>(end),
            null,
            "",
            "/opt/vcluster does not exist.",
            false,
            TimeSpan.FromMinutes(5)
        );

        var result = CliOutcome.Read(CliVerb.Create, run);

        result.Verdict.ToString().ShouldBe(verdict);
        result.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("Error: uninstall: Release not loaded: sk: release: not found", nameof(CliVerdict.ReleaseMissing))]
    [InlineData(
        "Error: Kubernetes cluster unreachable: Get \"https://h/version\": EOF",
        nameof(CliVerdict.HostUnreachable)
    )]
    [InlineData("Error: rpc: something nobody has seen", nameof(CliVerdict.Failed))]
    public void Helm_speaks_without_levels(string error, string verdict)
    {
        var run = new ToolResult(ToolEnd.Exited, 1, "", error, false, TimeSpan.Zero);

        var result = CliOutcome.Read(CliVerb.UninstallRelease, run);

        result.Verdict.ToString().ShouldBe(verdict);
        result.Message.ShouldBe(error["Error: ".Length..]);
    }

    [Theory]
    [InlineData("create namespace: namespaces \"x\" is forbidden: exceeded quota: pods", nameof(CliVerdict.Forbidden))]
    [InlineData(
        "error executing helm upgrade x /t/c.tgz: Error: admission webhook \"policy.example.com\" denied the request: no",
        nameof(CliVerdict.Forbidden)
    )]
    [InlineData(
        "secrets \"a\" is forbidden: unable to create new content in namespace w because it is being terminated",
        nameof(CliVerdict.Raced)
    )]
    [InlineData("getting credentials: exec: executable aws not found", nameof(CliVerdict.ToolBroken))]
    [InlineData("Get \"https://h/api\": dial tcp: lookup h: no such host", nameof(CliVerdict.HostUnreachable))]
    [InlineData("Get \"https://h/api\": net/http: TLS handshake timeout", nameof(CliVerdict.HostUnreachable))]
    public void Phrases_that_were_not_recorded_are_known_too(string fatal, string verdict)
    {
        var run = new ToolResult(ToolEnd.Exited, 1, "", $"10:00:00 fatal {fatal}\n", false, TimeSpan.Zero);

        CliOutcome.Read(CliVerb.Create, run).Verdict.ToString().ShouldBe(verdict);
    }

    [Theory]
    [InlineData(1, "", "vcluster create failed and said nothing (exit code 1)")]
    [InlineData(137, "", "vcluster create was killed (SIGKILL)")]
    [InlineData(139, "", "vcluster create was killed (SIGSEGV)")]
    [InlineData(
        137,
        "10:00:00 error release: not ready",
        "vcluster create was killed (SIGKILL); it had said: release: not ready"
    )]
    public void How_it_ended_is_said_when_it_did_not_say_so_itself(int exitCode, string error, string message)
    {
        var run = new ToolResult(ToolEnd.Exited, exitCode, "", error, false, TimeSpan.Zero);

        CliOutcome.Read(CliVerb.Create, run).Message.ShouldBe(message);
    }

    [Fact]
    public void The_folder_of_a_call_is_nobodys_business()
    {
        const string Call = "/tmp/vcluster-manager-0f3c/000012";
        var run = new ToolResult(
            ToolEnd.Exited,
            1,
            "",
            $"10:00:00 fatal merge values: parse values file {Call}/values.yaml: error converting YAML to JSON: yaml: line 2: x",
            false,
            TimeSpan.Zero
        );

        CliOutcome
            .Read(CliVerb.Create, run)
            .Message.ShouldBe("merge values: parse values file values.yaml: yaml: line 2: x");
    }

    private static (CliVerb Verb, ToolResult Run) Recorded(string transcript)
    {
        var text = File.ReadAllText(Path.Combine(Folder, transcript + ".txt"));
        var parts = Layout().Match(text);
        parts.Success.ShouldBeTrue(transcript);
        var command = parts.Groups["command"].Value;
        var verb =
            command.Contains("helm uninstall", StringComparison.Ordinal) ? CliVerb.UninstallRelease
            : command.Contains("--upgrade", StringComparison.Ordinal) ? CliVerb.Upgrade
            : Enum.Parse<CliVerb>(Verb().Match(command).Groups["verb"].Value, ignoreCase: true);
        var exit = int.Parse(parts.Groups["exit"].Value);
        return (
            verb,
            new ToolResult(
                ToolEnd.Exited,
                exit,
                parts.Groups["stdout"].Value,
                parts.Groups["stderr"].Value,
                false,
                TimeSpan.Zero
            )
        );
    }

    [GeneratedRegex(
        @"^\$ (?<command>.*)\n(?:.*\n)?exit: (?<exit>\d+)\n.*\n--- stdout\n(?<stdout>[\s\S]*?)\n?--- stderr\n(?<stderr>[\s\S]*)$",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Layout();

    [GeneratedRegex("vcluster (?<verb>create|delete|pause|resume)", RegexOptions.None, 1000)]
    private static partial Regex Verb();
}
