using System.Text.RegularExpressions;

namespace VClusterManager.Server.VCluster;

internal static partial class CliOutcome
{
    // First match wins.
    private static readonly (Regex Pattern, CliVerdict Verdict)[] Phrases =
    [
        (ToolBroken(), CliVerdict.ToolBroken),
        (LockHeld(), CliVerdict.LockHeld),
        (NamespaceTaken(), CliVerdict.NamespaceTaken),
        (AlreadyExists(), CliVerdict.AlreadyExists),
        (NotPaused(), CliVerdict.NotPausedOrUnreadable),
        (NotFound(), CliVerdict.NotFoundOrUnreadable),
        (Raced(), CliVerdict.Raced),
        (ReleaseMissing(), CliVerdict.ReleaseMissing),
        (Forbidden(), CliVerdict.Forbidden),
        (Unreachable(), CliVerdict.HostUnreachable),
        (ValuesRejected(), CliVerdict.ValuesRejected),
    ];

    // helm is missing or cannot be fetched, HOME cannot be written, a flag is not known (another CLI than we know), the
    // credential plugin of the kubeconfig (aws) is not on PATH.
    [GeneratedRegex(
        "error while installing helm|unknown (?:shorthand )?flag|Invalid Args|failed to get vcluster configuration file path|"
            + "error building root|executable file not found|exec: executable|fork/exec|aborting vcluster creation",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex ToolBroken();

    [GeneratedRegex(@"another operation \(install/upgrade/rollback\) is in progress", RegexOptions.NonBacktracking)]
    private static partial Regex LockHeld();

    [GeneratedRegex("there is already a virtual cluster in namespace", RegexOptions.NonBacktracking)]
    private static partial Regex NamespaceTaken();

    [GeneratedRegex(@"^vcluster \S+ already exists in namespace", RegexOptions.NonBacktracking)]
    private static partial Regex AlreadyExists();

    [GeneratedRegex("couldn't find a paused vcluster|is scaled down but not paused", RegexOptions.NonBacktracking)]
    private static partial Regex NotPaused();

    [GeneratedRegex("couldn't find vcluster", RegexOptions.NonBacktracking)]
    private static partial Regex NotFound();

    // A second create or upgrade, a second delete, a change in between, a namespace on its way out.
    [GeneratedRegex(
        "release: already exists|cannot re-use a name that is still in use|Failed to purge the release|"
            + "the object has been modified|Operation cannot be fulfilled|object is being deleted|is being terminated",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Raced();

    [GeneratedRegex("release '[^']*' not found|release: not found", RegexOptions.NonBacktracking)]
    private static partial Regex ReleaseMissing();

    [GeneratedRegex(
        "is forbidden|forbidden:|Unauthorized|exceeded quota|denied the request|attempting to grant RBAC permissions",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Forbidden();

    [GeneratedRegex(
        "connection refused|connection reset|no such host|no route to host|network is unreachable|i/o timeout|TLS handshake|"
            + "x509:|context deadline exceeded|Client\\.Timeout|unexpected EOF|http2: |cluster unreachable|etcdserver:|"
            + "failed to get kube client config|failed to create kube client|Too Many Requests|Internal error occurred|"
            + "server is currently unable to handle|server was unable to return a response|Service ?Unavailable",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Unreachable();

    // The file that we wrote is there, so "no such file" is not among these.
    [GeneratedRegex(
        "invalid config|parse values file|you have vCluster pro features enabled|cannot use default embedded database|"
            + "don't meet the specifications of the schema|is invalid: |release name is invalid|Invalid value: |"
            + "execution error at|error validating data",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex ValuesRejected();
}
