using System.Text;
using VClusterManager.Server.Configuration.Keys;
using VClusterManager.Server.Configuration.Raw;

namespace VClusterManager.Server.Configuration;

/// <summary>One thing that is wrong, and the two places where it can be put right.</summary>
/// <param name="Origin">Where the wrong value was written.</param>
/// <param name="Key">The path in the YAML file; <see langword="null"/>: the file as a whole.</param>
/// <param name="Variable">The variable that sets this key.</param>
/// <param name="Message">What is wrong. Never holds a secret.</param>
internal sealed record ConfigurationError(Origin Origin, string? Key, string? Variable, string Message)
{
    /// <summary><c>/etc/vcm/config.yaml:12: server.port (SERVER_PORT): must be a whole number from 1 to 65535</c></summary>
    public override string ToString()
    {
        StringBuilder text = new();
        if (Origin.Variable is not null)
        {
            text.Append("variable ").Append(Origin.Variable).Append(": ");
        }
        else if (Origin.File is not null)
        {
            text.Append(Origin.File).Append(Origin.Line is null ? "" : $":{Origin.Line}").Append(": ");
        }

        if (Key is not null)
        {
            text.Append(Key);
            text.Append(Variable is null || Variable == Origin.Variable ? "" : $" ({Variable})").Append(": ");
        }

        return text.Append(Message).ToString();
    }
}

/// <summary>Collects every error, so that an operator sees all of them at once.</summary>
internal sealed class ConfigurationErrors
{
    private readonly List<ConfigurationError> _errors = [];

    /// <summary>In the order of the file, then by variable; each once.</summary>
    public IReadOnlyList<ConfigurationError> Sorted =>
        [
            .. _errors
                .Distinct()
                .OrderBy(e => e.Origin.File is null)
                .ThenBy(e => e.Origin.Line ?? 0)
                .ThenBy(e => e.Origin.Variable, StringComparer.Ordinal),
        ];

    public void Add(Origin origin, string? key, string message) =>
        _errors.Add(new ConfigurationError(origin, key, key is null ? null : KeyTable.VariableOf(key), message));

    /// <summary>Something is wrong with this key, or with something inside it.</summary>
    public bool Concern(string key) =>
        _errors.Exists(e => e.Key == key || e.Key?.StartsWith(key + ".", StringComparison.Ordinal) == true);

    public bool Any => _errors.Count > 0;
}
