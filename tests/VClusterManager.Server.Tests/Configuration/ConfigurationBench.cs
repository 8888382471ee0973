using Shouldly;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Tests.Configuration;

/// <summary>A world to read configuration from: variables and files in memory.</summary>
internal sealed class ConfigurationBench
{
    public const string File = "/etc/vcm/config.yaml";

    private readonly Dictionary<string, string> _environment = [];
    private readonly Dictionary<string, string> _files = [];

    public ConfigurationSources Sources =>
        new()
        {
            Environment = _environment,
            ProgramFolder = "/program",
            WorkingFolder = "/srv",
            ReadFile = path => _files.GetValueOrDefault(path),
        };

    public ConfigurationBench WithFile(string path, string text)
    {
        _files[path] = text;
        return this;
    }

    /// <summary>A file that <c>CONFIG_PATH</c> names.</summary>
    public ConfigurationBench WithYaml(string yaml) => WithFile(File, yaml).WithVariable("CONFIG_PATH", File);

    public ConfigurationBench WithVariable(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    public ManagerOptions Options() =>
        ConfigurationLoader.Load(Sources) switch
        {
            ConfigurationResult.Valid valid => valid.Options,
            ConfigurationResult.Invalid invalid => throw new ShouldAssertException(
                string.Join('\n', invalid.Errors.Select(e => e.ToString()))
            ),
            _ => throw new InvalidOperationException(),
        };

    public IReadOnlyList<string> Errors() =>
        ConfigurationLoader.Load(Sources) is ConfigurationResult.Invalid invalid
            ? [.. invalid.Errors.Select(e => e.ToString())]
            : [];

    public string Error() => Errors().ShouldHaveSingleItem();
}
