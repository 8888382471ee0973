using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace VClusterManager.Server.Observability.Logs;

/// <summary>Lines for people: time, level, category, message, and behind it the ids in brackets.</summary>
internal sealed class ConsoleLines() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "vcm-console";

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        var now = TimeProvider
            .System.GetUtcNow()
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        textWriter.Write($"{now} {WordOf(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] ");
        textWriter.Write(OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        var fields = LineFields.OfScopes(scopeProvider);
        if (fields.Count > 0)
        {
            var words = fields.Select(field => $"{field.Key}={field.Value}");
            textWriter.Write(OneLine($" [{string.Join(' ', words)}]"));
        }

        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(' ');
            textWriter.Write(OneLine(exception.ToString()));
        }

        textWriter.Write(Environment.NewLine);
    }

    /// <summary>Whatever somebody has put into a value: a line of the log is one line.</summary>
    private static string OneLine(string text) =>
        text.Contains('\n') || text.Contains('\r') ? text.ReplaceLineEndings(" ") : text;

    private static string WordOf(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
}
