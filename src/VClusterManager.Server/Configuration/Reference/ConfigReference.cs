namespace VClusterManager.Server.Configuration.Reference;

/// <summary>
/// The verb <c>config-reference FOLDER</c>: writes what is derived from the table of keys. Run in the repository after a
/// key was changed; anywhere else it gives an operator the reference of the version at hand.
/// </summary>
internal static class ConfigReference
{
    public const string Verb = "config-reference";

    /// <summary>Path (with <c>/</c>) to content.</summary>
    public static IReadOnlyDictionary<string, string> Files() =>
        new Dictionary<string, string>
        {
            ["config/config.yaml"] = SampleFile.Write(),
            ["config/config.schema.json"] = SchemaFile.Write(),
            ["docs/configuration.md"] = ReferencePage.Write(),
        };

    /// <param name="args">What follows the verb.</param>
    /// <returns>The exit code: 0, or 2 when it was called wrongly.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is not [[not '-', ..] folder])
        {
            error.WriteLine($"usage: vcluster-manager {Verb} FOLDER");
            return 2;
        }

        foreach (var (name, content) in Files())
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
            output.WriteLine(path);
        }

        return 0;
    }
}
