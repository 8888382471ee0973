using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VCluster.StandIn.Helm;

/// <summary>One revision of a release, in the form that helm stores: JSON, gzipped, in base64, in a Secret.</summary>
internal sealed record HelmRelease(JsonObject Payload)
{
    public string Name => Payload["name"]!.GetValue<string>();

    public string Namespace => Payload["namespace"]!.GetValue<string>();

    public int Revision => Payload["version"]!.GetValue<int>();

    public string Manifest => Payload["manifest"]?.GetValue<string>() ?? "";

    public string Status => Info["status"]?.GetValue<string>() ?? "";

    /// <summary>Somebody is at work on it, or died over it.</summary>
    public bool IsPending => Status is "pending-install" or "pending-upgrade" or "pending-rollback";

    public JsonObject Info => Payload["info"]!.AsObject();

    public JsonObject Config => Payload["config"] as JsonObject ?? [];

    public JsonObject Chart => Payload["chart"]!.AsObject();

    public string ChartLabel =>
        $"{Chart["metadata"]?["name"]?.GetValue<string>()}-{Chart["metadata"]?["version"]?.GetValue<string>()}";

    /// <summary>The Secret's name.</summary>
    public string Key => $"sh.helm.release.v1.{Name}.v{Revision.ToString(CultureInfo.InvariantCulture)}";

    public void SetStatus(string status, string description)
    {
        Info["status"] = status;
        Info["description"] = description;
    }

    /// <summary>The Secret that keeps it. Helm writes the time of the last change where <paramref name="timeLabel"/> says.</summary>
    public JsonObject ToSecret(string timeLabel, DateTimeOffset now) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = Key,
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject
                {
                    ["name"] = Name,
                    ["owner"] = "helm",
                    ["status"] = Status,
                    ["version"] = Revision.ToString(CultureInfo.InvariantCulture),
                    [timeLabel] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                },
            },
            ["type"] = "helm.sh/release.v1",
            ["data"] = new JsonObject { ["release"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(Encode())) },
        };

    /// <summary>Null when the Secret holds no release.</summary>
    public static HelmRelease? FromSecret(JsonObject secret)
    {
        try
        {
            var stored = Convert.FromBase64String(secret["data"]?["release"]?.GetValue<string>() ?? "");
            using var gzip = new GZipStream(
                new MemoryStream(Convert.FromBase64String(Encoding.ASCII.GetString(stored))),
                CompressionMode.Decompress
            );
            return JsonNode.Parse(gzip) is JsonObject payload ? new HelmRelease(payload) : null;
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or JsonException)
        {
            return null;
        }
    }

    /// <summary>A time as helm keeps it, with as many digits as the clock has.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'");

    private string Encode()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Payload.ToJsonString()));
        }

        return Convert.ToBase64String(packed.ToArray());
    }
}
