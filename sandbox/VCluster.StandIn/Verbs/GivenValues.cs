using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VCluster.StandIn.Values;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Verbs;

/// <summary>The values of one call: the CLI's own, then the files (or base64 texts) of <c>-f</c>, then <c>--set</c>.</summary>
internal sealed class GivenValues
{
    private readonly JsonObject _own;

    public GivenValues(VClusterCall call, TemporaryFiles files)
    {
        _own = OwnValues(call);
        Files = [.. call.Arguments.All("values").Select(value => FileOf(value, files))];
        Expressions = call.Arguments.All("set");
        Merged = _own.DeepClone().AsObject();
    }

    /// <summary>The values files that helm is given.</summary>
    public IReadOnlyList<string> Files { get; }

    public IReadOnlyList<string> Expressions { get; }

    /// <summary>All that was given, without the chart's defaults.</summary>
    public JsonObject Merged { get; }

    /// <summary>What the CLI itself adds, for helm's first values file.</summary>
    public string OwnText => YamlWriter.Write(_own);

    /// <exception cref="ValuesException">A file cannot be read, or what it says cannot be.</exception>
    public void Check()
    {
        try
        {
            foreach (var file in Files)
            {
                ValuesTree.Merge(Merged, ValuesTree.ReadFile(file), keepNulls: true);
            }

            foreach (var expression in Expressions)
            {
                SetValue.Apply(Merged, expression);
            }

            new KnownKeys().Check(Merged, ValuesTree.Defaults());
        }
        catch (ValuesException exception)
        {
            throw new ValuesException("merge values: " + exception.Message);
        }

        ConfigRules.CheckReplicas(Merged);
    }

    private static JsonObject OwnValues(VClusterCall call)
    {
        var telemetry = call.Home.HasTelemetryDisabled
            ? new JsonObject { ["enabled"] = false }
            : new JsonObject { ["instanceCreator"] = "vclusterctl", ["machineID"] = MachineId() };
        var values = new JsonObject { ["telemetry"] = telemetry };
        if (call.Arguments.IsSet("expose"))
        {
            SetValue.Apply(values, "controlPlane.service.spec.type=LoadBalancer");
        }

        return values;
    }

    private static string MachineId() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Environment.MachineName)));

    /// <summary>A value that reads as base64 is a text, not the name of a file.</summary>
    private static string FileOf(string value, TemporaryFiles files)
    {
        var buffer = new byte[value.Length];
        return value.Length > 0 && Convert.TryFromBase64String(value, buffer, out var length)
            ? files.Write(Encoding.UTF8.GetString(buffer, 0, length))
            : value;
    }
}
