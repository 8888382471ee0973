using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Api;

/// <summary>
/// An answer other than the one that was asked for: the API's <c>Status</c> object. It ends a request wherever it
/// comes up and is written in one place.
/// </summary>
internal sealed class StatusException(int code, string reason, string message, JsonObject? details = null)
    : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;

    /// <summary>Seconds after which to ask again, for the header of that name.</summary>
    public int? RetryAfter { get; init; }

    public JsonObject ToJson()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
        {
            status["reason"] = Reason;
        }

        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }
}
