using Microsoft.Net.Http.Headers;

namespace VClusterManager.Sandbox.Api;

internal enum ResponseShape
{
    Whole,
    Table,
    Metadata,
}

/// <summary>
/// The form in which a client wants its answer. Protobuf is not spoken: a client that prefers it gets JSON, which all
/// of them name as their second choice.
/// </summary>
internal sealed record ResponseFormat(ResponseShape Shape, bool Pretty)
{
    public static ResponseFormat Of(HttpRequest request)
    {
        var pretty = request.Query["pretty"].ToString() is { Length: > 0 } asked
            ? asked is "true" or "1"
            : IsForEyes(request);
        return new ResponseFormat(ShapeOf(request), pretty);
    }

    private static ResponseShape ShapeOf(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var types))
        {
            return ResponseShape.Whole;
        }

        foreach (var type in types)
        {
            var isJson = type.MediaType is { Value: "application/json" or "*/*" or "application/*" };
            var shape = type
                .Parameters.FirstOrDefault(parameter => parameter.Name.Equals("as", StringComparison.Ordinal))
                ?.Value.Value;
            switch (isJson ? shape ?? "" : null)
            {
                case "":
                    return ResponseShape.Whole;
                case "Table":
                    return ResponseShape.Table;
                case "PartialObjectMetadata" or "PartialObjectMetadataList":
                    return ResponseShape.Metadata;
                default:
                    continue;
            }
        }

        return ResponseShape.Whole;
    }

    private static bool IsForEyes(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        return agent.StartsWith("curl", StringComparison.Ordinal)
            || agent.StartsWith("Wget", StringComparison.Ordinal)
            || agent.StartsWith("Mozilla/5.0", StringComparison.Ordinal);
    }
}
