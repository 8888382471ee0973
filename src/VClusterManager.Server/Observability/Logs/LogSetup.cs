using Microsoft.Extensions.Logging.Console;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Observability.Logs;

internal static class LogSetup
{
    /// <summary>The lines of the log on standard output.</summary>
    public static ILoggingBuilder AddLines(this ILoggingBuilder logging, LogFormat format)
    {
        logging.AddConsoleFormatter<ConsoleLines, ConsoleFormatterOptions>();
        logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
        return logging.AddConsole(console =>
            console.FormatterName = format == LogFormat.Json ? JsonLines.FormatterName : ConsoleLines.FormatterName
        );
    }
}
