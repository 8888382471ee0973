using System.Globalization;
using VClusterManager.Sandbox.Containers;

namespace VClusterManager.Sandbox.Api;

/// <summary>Which lines a reader wants, and how.</summary>
internal sealed record LogOptions(bool Follow, bool Previous, bool Timestamps)
{
    private long? Tail { get; init; }

    private long? LimitBytes { get; init; }

    private long? SinceSeconds { get; init; }

    private DateTimeOffset? SinceTime { get; init; }

    public static LogOptions Of(ResourceRequest request)
    {
        var options = new LogOptions(Flag("follow"), Flag("previous"), Flag("timestamps"))
        {
            Tail = Number("tailLines", least: 0),
            LimitBytes = Number("limitBytes", least: 1),
            SinceSeconds = Number("sinceSeconds", least: 1),
            SinceTime = Registry.Timestamps.Parse(request.Query["sinceTime"].ToString()),
        };
        return options is { SinceSeconds: not null, SinceTime: not null }
            ? throw Refuse(FieldError.Forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified"))
            : options;

        bool Flag(string name) => request.Query[name].ToString() is "true" or "1";

        long? Number(string name, long least)
        {
            if (!long.TryParse(request.Query[name], CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            var text = number.ToString(CultureInfo.InvariantCulture);
            var rule = least == 0 ? "must be greater than or equal to 0" : "must be greater than 0";
            return number >= least ? number : throw Refuse(FieldError.Invalid(name, text, rule));
        }
    }

    public string Choose(IEnumerable<LogLine> lines, DateTimeOffset now)
    {
        var from = SinceTime ?? (SinceSeconds is { } seconds ? now - TimeSpan.FromSeconds(seconds) : null);
        var chosen = lines.Where(line => from is null || line.Time >= from).ToList();
        var text = Format(Tail is { } count ? chosen.TakeLast((int)Math.Min(count, int.MaxValue)) : chosen);
        return LimitBytes is { } limit && limit < text.Length ? text[..(int)limit] : text;
    }

    public string Format(IEnumerable<LogLine> lines) =>
        string.Concat(lines.Select(line => Timestamps ? $"{Stamp(line.Time)} {line.Text}\n" : $"{line.Text}\n"));

    private static string Stamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);

    private static StatusException Refuse(FieldError error) => Refusals.Invalid("", "PodLogOptions", "", [error]);
}
