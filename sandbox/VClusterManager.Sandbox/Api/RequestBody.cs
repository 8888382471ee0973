using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Schema;
using YamlDotNet.Core;

namespace VClusterManager.Sandbox.Api;

/// <summary>Reads what a client sent, with the complaints of the real server when it is not what it should be.</summary>
internal static class RequestBody
{
    private const int Limit = 3 * 1024 * 1024;

    public static async Task<byte[]> ReadBytesAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > Limit)
            {
                throw new StatusException(413, "RequestEntityTooLarge", $"Request entity too large: limit is {Limit}");
            }
        }

        return buffer.ToArray();
    }

    public static async Task<string> ReadTextAsync(HttpContext context) =>
        Encoding.UTF8.GetString(await ReadBytesAsync(context));

    /// <summary>The body as an object of a kind: protobuf by its look, YAML by its content type, else JSON.</summary>
    public static async Task<JsonObject> ReadObjectAsync(HttpContext context, string kind)
    {
        var bytes = await ReadBytesAsync(context);
        var body = ParseObject(bytes, context.Request.ContentType, kind, out var repeated);
        if (repeated.Count > 0)
        {
            TellOfRepeated(context, kind, body, repeated);
        }

        return body;
    }

    /// <summary>As <see cref="ReadObjectAsync"/>, for a body that may be missing.</summary>
    public static async Task<JsonObject?> ReadOptionalObjectAsync(HttpContext context, string kind)
    {
        var bytes = await ReadBytesAsync(context);
        return bytes.Length == 0 ? null : ParseObject(bytes, context.Request.ContentType, kind);
    }

    public static JsonNode? ParseJson(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException exception)
        {
            throw Refusals.BadRequest($"error decoding patch: {GoJsonErrors.Describe(exception, text)}");
        }
    }

    public static JsonObject ParseObject(byte[] bytes, string? contentType, string kind) =>
        ParseObject(bytes, contentType, kind, out _);

    private static JsonObject ParseObject(
        byte[] bytes,
        string? contentType,
        string kind,
        out IReadOnlyList<string> repeated
    )
    {
        repeated = [];
        var text = ProtobufReader.IsProtobuf(bytes) ? "" : Encoding.UTF8.GetString(bytes);
        try
        {
            return (
                    text.Length == 0 && bytes.Length > 0 ? ProtobufReader.Read(bytes)
                    : IsYaml(contentType) ? YamlText.Parse(text)
                    : ParseJson(text, out repeated)
                ) as JsonObject
                ?? throw Unrecognised(kind, "Object 'Kind' is missing in", text);
        }
        catch (JsonException exception)
        {
            throw Unrecognised(
                kind,
                $"couldn't get version/kind; json parse error: {GoJsonErrors.Describe(exception, text)}",
                $"({text})"
            );
        }
        catch (Exception exception) when (exception is FormatException or YamlException)
        {
            throw Unrecognised(kind, exception.Message, "");
        }
    }

    private static JsonNode? ParseJson(string text, out IReadOnlyList<string> repeated)
    {
        (var json, repeated) = RepeatedFields.Parse(text);
        return json;
    }

    private static void TellOfRepeated(
        HttpContext context,
        string kind,
        JsonObject body,
        IReadOnlyList<string> repeated
    )
    {
        var texts = repeated.Select(field => $"duplicate field \"{field}\"").ToList();
        var validation = context.Request.Query["fieldValidation"].ToString();
        if (validation == "Strict")
        {
            var version = body.Text("apiVersion")?.Split('/')[^1] ?? "v1";
            throw Refusals.BadRequest(
                $"{kind} in version \"{version}\" cannot be handled as a {kind}: strict decoding error: {string.Join(", ", texts)}"
            );
        }

        foreach (var text in validation == "Ignore" ? [] : texts)
        {
            context.Response.Headers.Append(
                "Warning",
                $"299 - \"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            );
        }
    }

    private static StatusException Unrecognised(string kind, string error, string text) =>
        Refusals.BadRequest($"the object provided is unrecognized (must be of type {kind}): {error} {text}".TrimEnd());

    private static bool IsYaml(string? contentType) =>
        contentType is not null && contentType.Contains("yaml", StringComparison.Ordinal);
}
