using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration.Keys;

/// <summary>Where the reading of a value stands: its path, whom to tell of errors, what paths count from.</summary>
internal sealed class Reading(
    string path,
    bool secret,
    string? configFolder,
    ConfigurationSources sources,
    ConfigurationErrors errors
)
{
    private const int MaxQuoted = 60;

    /// <summary>The same, for an entry inside the value.</summary>
    public Reading Entry(string name) => new($"{path}.{name}", secret, configFolder, sources, errors);

    public void Fail(RawNode node, string message) => errors.Add(node.Origin, path, message);

    /// <summary>"must be ..., not ...": what was written is quoted unless it is secret.</summary>
    public void FailAsNot(RawNode node, string words, string hint = "")
    {
        var written = node is RawScalar { IsNull: false } scalar ? Quote(scalar) : node.Words;
        Fail(node, (secret ? $"must be {words}" : $"must be {words}, not {written}") + hint);
    }

    /// <summary>Paths in the file count from its folder, all others from the working folder.</summary>
    public string ResolvePath(string written, Origin origin)
    {
        if (written.StartsWith("~/", StringComparison.Ordinal) && sources.Variable("HOME") is { } home)
        {
            return Path.GetFullPath(Path.Combine(home, written[2..]));
        }

        var folder = origin.File is null ? sources.WorkingFolder : configFolder ?? sources.WorkingFolder;
        return Path.GetFullPath(written, Path.GetFullPath(folder));
    }

    private static string Quote(RawScalar scalar)
    {
        var text = scalar.Text.Length > MaxQuoted ? scalar.Text[..MaxQuoted] + "..." : scalar.Text;
        return scalar.Kind is ScalarKinds.Boolean or ScalarKinds.Number ? text : $"\"{text}\"";
    }
}
