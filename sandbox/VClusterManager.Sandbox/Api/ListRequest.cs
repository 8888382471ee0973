using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api;

/// <summary>What a list or a watch selects, and how much of it at once.</summary>
internal sealed record ListRequest(LabelSelector Labels, FieldSelector Fields, int? Limit, string Continue)
{
    public static ListRequest Parse(IQueryCollection query, ResourceDefinition resource) =>
        new(
            LabelSelector.Parse(query["labelSelector"].ToString()),
            FieldSelector.Parse(query["fieldSelector"].ToString(), resource),
            int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0
                ? limit
                : null,
            query["continue"].ToString()
        );

    public bool Selects(StoredObject stored) => Labels.Matches(stored.Labels) && Fields.Matches(stored);

    public bool SelectsEverything => Labels.IsEverything && Fields.IsEverything;
}

/// <summary>Where the next page of a list begins and which version of the store it shows.</summary>
internal sealed record ContinueToken(long Version, string Start)
{
    public string Encode(string? ns)
    {
        var start = ns is null ? Start : Start[(Start.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var json = new JsonObject
        {
            ["v"] = "meta.k8s.io/v1",
            ["rv"] = Version,
            ["start"] = $"/{start}\0",
        };
        return Convert.ToBase64String(GoJson.Compact(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    public static ContinueToken Decode(string text, string? ns)
    {
        var bytes = DecodeBase64(text);
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(bytes);
        }
        catch (JsonException)
        {
            throw Refusals.BadRequest(
                $"invalid continue token: continue key is not valid: invalid character '{GoJsonErrors.Quote(FirstCharacter(bytes))}' looking for beginning of value"
            );
        }

        var start = (json.Text("start") ?? "").TrimStart('/').TrimEnd('\0');
        return new ContinueToken(json.Number("rv") ?? 0, ns is null ? start : $"{ns}/{start}");
    }

    private static char FirstCharacter(byte[] bytes) => bytes.Length == 0 ? ' ' : Encoding.Latin1.GetString(bytes)[0];

    private static byte[] DecodeBase64(string text)
    {
        var padded = text.Replace('-', '+').Replace('_', '/');
        padded += new string('=', (4 - padded.Length % 4) % 4);
        try
        {
            return Convert.FromBase64String(padded);
        }
        catch (FormatException)
        {
            throw Refusals.BadRequest(
                "invalid continue token: continue key is not valid: illegal base64 data at input byte 0"
            );
        }
    }
}
