using System.Collections;

namespace VClusterManager.Server.Configuration;

/// <summary>
/// The world as configuration sees it: everything that it is read from. The rest of the program sees only
/// <see cref="ManagerOptions"/>.
/// </summary>
internal sealed record ConfigurationSources
{
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where the program lies: the default file is beside it.</summary>
    public required string ProgramFolder { get; init; }

    /// <summary>What relative paths in variables, on the command line and in defaults count from.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The text of a file; <see langword="null"/>: there is none.</summary>
    public Func<string, string?> ReadFile { get; init; } = path => File.Exists(path) ? File.ReadAllText(path) : null;

    /// <summary>The one place that reads this process's environment.</summary>
    public static ConfigurationSources OfThisProcess() =>
        new()
        {
            Environment = System
                .Environment.GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal),
            ProgramFolder = AppContext.BaseDirectory,
            WorkingFolder = Directory.GetCurrentDirectory(),
        };

    /// <summary>An empty variable counts as unset.</summary>
    public string? Variable(string name) => Environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
