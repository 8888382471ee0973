using System.Diagnostics;
using System.IO.Enumeration;

namespace VClusterManager.Server.Processes;

/// <summary>
/// The environment of a call: empty, then what the allow-list lets through, then what the call's folder and the call
/// itself set. The search path is passed on, since credential plugins of a kubeconfig (<c>aws</c>) are found by it.
/// </summary>
internal static class ToolEnvironment
{
    /// <summary>What this server itself was started with.</summary>
    public static IReadOnlyDictionary<string, string> Inherited()
    {
        // A fresh start info holds the environment a child would inherit.
        var inherited = new Dictionary<string, string>();
        foreach (var (name, value) in new ProcessStartInfo().Environment)
        {
            if (value is not null)
                inherited[name] = value;
        }

        return inherited;
    }

    public static IReadOnlyDictionary<string, string> For(
        ToolCall call,
        ToolFolder folder,
        IReadOnlyList<string> allowed,
        IReadOnlyDictionary<string, string> inherited
    )
    {
        var environment = new Dictionary<string, string>();
        foreach (var (name, value) in inherited)
        {
            if (IsAllowed(name, allowed))
                environment[name] = value;
        }

        environment["HOME"] = folder.Home;
        environment["TMPDIR"] = folder.Temporary;
        environment["PATH"] = SearchPath(call, inherited.GetValueOrDefault("PATH"));
        foreach (var (name, value) in call.Environment)
            environment[name] = value;
        return environment;
    }

    /// <summary>Whether a name or pattern (<c>AWS_*</c>) of the list covers this variable.</summary>
    public static bool IsAllowed(string name, IReadOnlyList<string> allowed)
    {
        foreach (var pattern in allowed)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
                return true;
        }

        return false;
    }

    private static string SearchPath(ToolCall call, string? inherited)
    {
        string[] folders =
        [
            .. call.Path,
            Path.GetDirectoryName(call.Executable) ?? "",
            .. (inherited ?? "").Split(Path.PathSeparator),
        ];
        // An entry that is empty or relative would mean the working directory of the call.
        return string.Join(Path.PathSeparator, folders.Where(Path.IsPathRooted).Distinct());
    }
}
