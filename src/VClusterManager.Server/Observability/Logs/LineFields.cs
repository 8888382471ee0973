using System.Diagnostics;
using System.Text.Json;

namespace VClusterManager.Server.Observability.Logs;

/// <summary>
/// The ids that a line of the log carries beside its message: of the request, and of the work that it is part of. They come
/// from the scopes around it, the innermost last; the trace is the one that problems name in <c>trace_id</c>.
/// </summary>
internal static class LineFields
{
    public const string TraceId = "trace_id";

    /// <summary>
    /// The framework's own: connections and requests within them, which nobody is told of, and paths, which may be of any
    /// length. A request is known by its trace.
    /// </summary>
    private static readonly string[] Unsaid = ["RequestPath", "RequestId", "ConnectionId", "{OriginalFormat}"];

    public static Dictionary<string, object?> OfScopes(IExternalScopeProvider? scopes)
    {
        Dictionary<string, object?> fields = [];
        if (Activity.Current is { } activity)
        {
            fields[TraceId] = activity.TraceId.ToHexString();
        }

        scopes?.ForEachScope(
            static (scope, all) =>
            {
                if (scope is IEnumerable<KeyValuePair<string, object?>> pairs)
                {
                    foreach (var (name, value) in pairs)
                    {
                        if (!Unsaid.Contains(name))
                        {
                            all[NameOf(name)] = value;
                        }
                    }
                }
            },
            fields
        );
        return fields;
    }

    /// <summary>The values that stand in the message, by the names that the code gives them.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> OfMessage<TState>(TState state) =>
        state is IEnumerable<KeyValuePair<string, object?>> pairs
            ? pairs
                .Where(pair => !Unsaid.Contains(pair.Key))
                .Select(pair => KeyValuePair.Create(NameOf(pair.Key), pair.Value))
            : [];

    private static string NameOf(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
