using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace VClusterManager.Server.Observability.Logs;

/// <summary>
/// Lines for programs: one JSON object for each, with <c>time</c>, <c>level</c>, <c>category</c>, <c>message</c>, the values of
/// the message in <c>fields</c>, the ids of what it is part of, and <c>exception</c> where there is one.
/// </summary>
internal sealed class JsonLines() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "vcm-json";

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // Of two scopes with one name the inner one counts, and no message names a value twice.
        SkipValidation = true,
    };

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        ArrayBufferWriter<byte> bytes = new(512);
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", TimeProvider.System.GetUtcNow().UtcDateTime);
            json.WriteString("level", WordOf(logEntry.LogLevel));
            json.WriteString("category", logEntry.Category);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            WriteFields(json, logEntry.State);
            foreach (var (name, value) in LineFields.OfScopes(scopeProvider))
            {
                Write(json, name, value);
            }

            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.Write(Encoding.UTF8.GetString(bytes.WrittenSpan));
        textWriter.Write('\n');
    }

    private static void WriteFields<TState>(Utf8JsonWriter json, TState state)
    {
        var any = false;
        foreach (var (name, value) in LineFields.OfMessage(state))
        {
            if (!any)
            {
                json.WriteStartObject("fields");
                any = true;
            }

            Write(json, name, value);
        }

        if (any)
        {
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string WordOf(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            LogLevel.Error => "error",
            _ => "critical",
        };
}
