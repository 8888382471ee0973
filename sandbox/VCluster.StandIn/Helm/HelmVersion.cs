using VCluster.StandIn.CommandLine;

namespace VCluster.StandIn.Helm;

/// <summary><c>helm version</c> in its forms: whole, <c>--short</c>, and by a template of fields.</summary>
internal static class HelmVersion
{
    private const string Version = "v3.17.3";
    private const string Commit = "e4da49785aa6e6ee2b86efd5dd9e43400318262b";
    private const string Go = "go1.23.7";

    public static string Text(ParsedArguments arguments)
    {
        if (arguments.Text("template") is { Length: > 0 } template)
        {
            return template
                .Replace("{{ ", "{{", StringComparison.Ordinal)
                .Replace(" }}", "}}", StringComparison.Ordinal)
                .Replace("{{.Version}}", Version, StringComparison.Ordinal)
                .Replace("{{.GitCommit}}", Commit, StringComparison.Ordinal)
                .Replace("{{.GitTreeState}}", "clean", StringComparison.Ordinal)
                .Replace("{{.GoVersion}}", Go, StringComparison.Ordinal);
        }

        return arguments.IsSet("short")
            ? $"{Version}+g{Commit[..7]}\n"
            : $"version.BuildInfo{{Version:\"{Version}\", GitCommit:\"{Commit}\", GitTreeState:\"clean\", GoVersion:\"{Go}\"}}\n";
    }
}
