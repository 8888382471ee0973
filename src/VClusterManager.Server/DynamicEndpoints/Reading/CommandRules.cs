using System.Collections.Frozen;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>What is known of the commands, and what none of them may be asked for. Tables only.</summary>
internal static class CommandRules
{
    public const string Kubectl = "kubectl";
    public const string VCluster = "vcluster";

    /// <summary>They open a session, start a program of somebody's choice, or show credentials.</summary>
    private static readonly FrozenSet<string> Sessions =
    [
        "exec",
        "port-forward",
        "proxy",
        "edit",
        "attach",
        "debug",
        "cp",
        "connect",
        "shell",
        "login",
        "ssh",
        "console",
    ];

    private static readonly FrozenSet<string> KubectlReads =
    [
        "api-resources",
        "api-versions",
        "auth",
        "cluster-info",
        "describe",
        "diff",
        "events",
        "explain",
        "get",
        "logs",
        "rollout",
        "top",
        "version",
        "wait",
    ];

    private static readonly FrozenSet<string> KubectlChanges =
    [
        "annotate",
        "apply",
        "autoscale",
        "certificate",
        "cordon",
        "create",
        "delete",
        "drain",
        "expose",
        "label",
        "patch",
        "replace",
        "run",
        "scale",
        "set",
        "taint",
        "uncordon",
    ];

    private static readonly FrozenSet<string> VClusterReads = ["describe", "get", "info", "list", "version", "wait"];

    private static readonly FrozenSet<string> VClusterChanges = ["create", "delete", "pause", "resume", "snapshot"];

    /// <summary>Sub-verbs that change nothing, of verbs that have both kinds.</summary>
    private static readonly FrozenDictionary<string, FrozenSet<string>> ReadingSubverbs = new Dictionary<
        string,
        FrozenSet<string>
    >
    {
        ["rollout"] = ["status", "history"],
        ["auth"] = ["can-i", "whoami"],
    }.ToFrozenDictionary();

    /// <summary>Verbs of kubectl behind which a word may be a verb again.</summary>
    public static FrozenSet<string> WithSubverbs { get; } =
    ["apply", "auth", "certificate", "cluster-info", "create", "rollout", "set", "top"];

    /// <summary>Flags that change who asks, whom, or with what, or that write files; of any command.</summary>
    public static FrozenSet<string> DeniedFlags { get; } =
    [
        // kubectl
        "as",
        "as-group",
        "as-uid",
        "as-user-extra",
        "cache-dir",
        "certificate-authority",
        "client-certificate",
        "client-key",
        "cluster",
        "context",
        "insecure-skip-tls-verify",
        "kubeconfig",
        "kuberc",
        "password",
        "profile",
        "profile-output",
        "server",
        "tls-server-name",
        "token",
        "user",
        "username",
        // Prints requests with what is in them.
        "v",
        "vmodule",
        // helm
        "kube-apiserver",
        "kube-as-group",
        "kube-as-user",
        "kube-ca-file",
        "kube-context",
        "kube-insecure-skip-tls-verify",
        "kube-tls-server-name",
        "kube-token",
        "post-renderer",
        "registry-config",
        "repository-config",
        // vcluster
        "access-key",
        "config",
        "driver",
        "host",
        "manager",
        "project",
    ];

    /// <summary>Values of these are files or addresses that the server itself would read, or write.</summary>
    public static FrozenSet<string> FileFlags { get; } =
    [
        "ca-file",
        "cert",
        "cert-file",
        "env-file",
        "f",
        "filename",
        "from-env-file",
        "from-file",
        "k",
        "key",
        "key-file",
        "kustomize",
        "output-directory",
        "patch-file",
        "restore",
        "set-file",
        "template-file",
        "values",
        "chart-repo",
        "local-chart-dir",
    ];

    /// <summary>Among their values are some that name a file (<c>go-template-file=</c>).</summary>
    public static FrozenSet<string> FormatFlags { get; } = ["o", "output", "template"];

    /// <summary>Short flags which take what follows in the same word for their value, in every verb that has them.</summary>
    public const string ShortWithValue = "nolcL";

    /// <summary>What the command line does by itself and must not.</summary>
    public static IReadOnlyList<(string Verb, string Flag, string Why)> NeededByVCluster { get; } =
    [
        ("create", "--connect=false", "it would write into the kubeconfig"),
        ("delete", "--delete-context=false", "it would write into the kubeconfig"),
    ];

    /// <summary>Whether a flag of kubectl's opens a session: with somebody's terminal, or with an editor.</summary>
    public static bool OpensSession(string verb, string flag) =>
        flag == "edit" || (verb == "run" && flag is "attach" or "i" or "stdin" or "t" or "tty");

    /// <summary>Why this verb is not possible; <see langword="null"/>: it is.</summary>
    public static string? WrongVerb(string command, string verb) =>
        Sessions.Contains(verb)
            ? $"{verb} opens a session: no endpoint can hold one"
            : command switch
            {
                Kubectl when !KubectlReads.Contains(verb) && !KubectlChanges.Contains(verb) => Unknown(
                    command,
                    verb,
                    KubectlReads.Concat(KubectlChanges)
                ),
                VCluster when !VClusterReads.Contains(verb) && !VClusterChanges.Contains(verb) => Unknown(
                    command,
                    verb,
                    VClusterReads.Concat(VClusterChanges)
                ),
                _ => null,
            };

    /// <summary>Whether it changes something; of commands that are not known here nobody knows.</summary>
    public static bool Changes(string command, string verb, string? subverb) =>
        command switch
        {
            Kubectl => KubectlChanges.Contains(verb)
                || (ReadingSubverbs.TryGetValue(verb, out var reading) && !reading.Contains(subverb ?? "")),
            VCluster => VClusterChanges.Contains(verb),
            _ => false,
        };

    private static string Unknown(string command, string verb, IEnumerable<string> known) =>
        $"\"{verb}\" is not a verb of {command} that can be used here: there are {string.Join(", ", known.Order(StringComparer.Ordinal))}";
}
