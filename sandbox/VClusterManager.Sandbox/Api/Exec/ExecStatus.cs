using System.Globalization;
using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Api.Exec;

/// <summary>How a command ended, as the last message of its connection says it.</summary>
internal static class ExecStatus
{
    public static JsonObject Of(int code)
    {
        if (code == 0)
        {
            return new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" };
        }

        var text = code.ToString(CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"command terminated with non-zero exit code: command terminated with exit code {text}",
            ["reason"] = "NonZeroExitCode",
            ["details"] = new JsonObject { ["causes"] = new JsonArray(Refusals.Cause("ExitCode", text, null)) },
        };
    }

    /// <summary>The command did not run at all.</summary>
    public static JsonObject Failed(string message) => Refusals.InternalError(message).ToJson();
}
