using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.Configuration.Sections;

namespace VClusterManager.Server.Configuration;

/// <summary>What became of reading the configuration.</summary>
internal abstract record ConfigurationResult
{
    private ConfigurationResult() { }

    /// <param name="File">The file it was read from; <see langword="null"/>: there is none, and none was named.</param>
    public sealed record Valid(ManagerOptions Options, string? File) : ConfigurationResult;

    /// <param name="Errors">All of them.</param>
    public sealed record Invalid(IReadOnlyList<ConfigurationError> Errors) : ConfigurationResult;
}

/// <summary>
/// Reads the configuration: environment beats file, file beats defaults. Raw values become valid ones here and nowhere
/// else, and what is wrong is found all at once.
/// </summary>
internal static class ConfigurationLoader
{
    private const string PathVariable = "CONFIG_PATH";

    /// <summary>What counts where nothing is configured.</summary>
    public static ManagerOptions Defaults() =>
        Load(
            new ConfigurationSources
            {
                Environment = new Dictionary<string, string>(),
                ProgramFolder = AppContext.BaseDirectory,
                WorkingFolder = AppContext.BaseDirectory,
                ReadFile = _ => null,
            }
        )
            is ConfigurationResult.Valid { Options: var options }
            ? options
            : throw new InvalidOperationException("The defaults are not valid by themselves.");

    /// <param name="file">The file to read instead of the one that <c>CONFIG_PATH</c> names.</param>
    public static ConfigurationResult Load(ConfigurationSources sources, string? file = null)
    {
        ConfigurationErrors errors = new();
        var (path, text) = Open(sources, file, errors);
        var root = text is null
            ? null
            : YamlReader.Read(
                text,
                line => new Origin(Variable: null, path, line),
                (at, message) => errors.Add(at, key: null, message)
            );
        var fileValues = FileKeys.Collect(root, errors);
        var variables = new VariableKeys(sources, errors).Collect(key => Known(key, fileValues));
        ConfigurationValues values = new(fileValues, variables, Path.GetDirectoryName(path), sources, errors);
        var clusters = VClusterSection.Read(values);
        ManagerOptions options = new()
        {
            Server = ServerSection.Read(values),
            Auth = AuthSection.Read(values),
            VCluster = clusters,
            Kubernetes = KubernetesSection.Read(values),
            Processes = ProcessesSection.Read(values),
            Database = DatabaseSection.Read(values),
            Audit = AuditSection.Read(values),
            DynamicEndpoints = DynamicEndpointsSection.Read(values),
            Access = AccessSection.Read(values),
            Webhooks = WebhooksSection.Read(values, clusters),
            Observability = ObservabilitySection.Read(values),
        };
        return errors.Any
            ? new ConfigurationResult.Invalid(errors.Sorted)
            : new ConfigurationResult.Valid(options, text is null ? null : path);
    }

    private static RawNode? Known(Key key, Dictionary<Key, RawNode> file)
    {
        var written = file.GetValueOrDefault(key);
        return key.DefaultNode is { } builtIn && written is not null
            ? RawMerge.Merge(builtIn, written)
            : written ?? key.DefaultNode;
    }

    /// <summary>A file that was named must be there; the default one need not.</summary>
    private static (string Path, string? Text) Open(
        ConfigurationSources sources,
        string? file,
        ConfigurationErrors errors
    )
    {
        var named = file ?? sources.Variable(PathVariable);
        var path = named is null
            ? Path.Combine(sources.ProgramFolder, "config", "config.yaml")
            : Path.GetFullPath(named, Path.GetFullPath(sources.WorkingFolder));
        Origin origin = new(file is null && named is not null ? PathVariable : null, path, Line: null);
        try
        {
            var text = sources.ReadFile(path);
            if (text is null && named is not null)
            {
                errors.Add(origin, key: null, $"there is no file {path}");
            }

            return (path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(origin, key: null, $"{path} cannot be read: {e.Message}");
            return (path, null);
        }
    }
}
