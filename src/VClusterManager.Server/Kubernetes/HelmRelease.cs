using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VClusterManager.Server.Kubernetes;

/// <param name="Chart">The name of the chart, without its version.</param>
/// <param name="Values">The values that whoever installed the release gave; empty where there were none.</param>
internal sealed record HelmReleaseContent(string Chart, JsonObject Values);

/// <summary>
/// What is inside a Helm release's secret. Helm writes gzipped JSON as base64, and Kubernetes puts base64 around it.
/// Source: helm.sh/helm/v3/pkg/storage/driver/util.go
/// </summary>
internal static class HelmRelease
{
    /// <summary>Bytes of JSON at most: the chart with its templates is in there, and some MiB are usual.</summary>
    private const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>What is in the release's secret.</summary>
    /// <exception cref="HostException">It is no release that we can read.</exception>
    public static HelmReleaseContent Read(JsonElement secret)
    {
        try
        {
            var inner = Encoding.ASCII.GetString(
                secret.GetProperty("data").GetProperty("release").GetBytesFromBase64()
            );
            using var unzip = new GZipStream(
                new MemoryStream(Convert.FromBase64String(inner)),
                CompressionMode.Decompress
            );
            using var json = new MemoryStream();
            CopyBounded(unzip, json);
            using var release = JsonDocument.Parse(json.GetBuffer().AsMemory(0, (int)json.Length));
            return new HelmReleaseContent(ChartOf(release.RootElement), ValuesOf(release.RootElement));
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or FormatException
                        or InvalidDataException
                        or KeyNotFoundException
                        or InvalidOperationException
            )
        {
            throw new HostException($"the Helm release cannot be read: {e.Message}", inner: e) { IsGarbled = true };
        }
    }

    private static string ChartOf(JsonElement release) =>
        release.GetProperty("chart").GetProperty("metadata").GetProperty("name").GetString() ?? "";

    private static JsonObject ValuesOf(JsonElement release) =>
        release.TryGetProperty("config", out var config) && config.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(config.Clone())!
            : [];

    private static void CopyBounded(Stream from, MemoryStream to)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = from.Read(buffer)) > 0)
        {
            if (to.Length + read > MaxBytes)
            {
                throw new InvalidDataException($"it has more than {MaxBytes} bytes");
            }
            to.Write(buffer, 0, read);
        }
    }
}
