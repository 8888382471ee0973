using System.Globalization;
using System.Runtime.InteropServices;

namespace VClusterManager.Server.Http.Requests;

/// <summary>Where something stands in a list whose newest entry comes first.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TimePlace(DateTimeOffset At, Guid Id)
{
    public string ToCursor() => Cursor.Encode(At.UtcTicks.ToString(CultureInfo.InvariantCulture), Id.ToString());

    /// <returns><see langword="null"/>: it is the cursor of another list.</returns>
    public static TimePlace? Read(IReadOnlyList<string> cursor) =>
        cursor is [var ticks, var text]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= DateTimeOffset.MaxValue.UtcTicks
        && Guid.TryParse(text, out var id)
            ? new TimePlace(new DateTimeOffset(number, TimeSpan.Zero), id)
            : null;

    /// <summary>A page of what is in memory.</summary>
    public static Outcome<TimePage<T>> Page<T>(IEnumerable<T> all, Func<T, TimePlace> placeOf, PageRequest page)
    {
        TimePlace? after = null;
        if (page.After is not null && (after = Read(page.After)) is null)
        {
            return PageRequest.BadCursor;
        }

        var shown = all.OrderByDescending(entry => placeOf(entry).At)
            .ThenByDescending(entry => placeOf(entry).Id)
            .Where(entry => after is not { } place || placeOf(entry).IsOlderThan(place))
            .Take(page.Limit + 1)
            .ToList();
        return new TimePage<T>(
            [.. shown.Take(page.Limit)],
            shown.Count > page.Limit ? placeOf(shown[page.Limit - 1]).ToCursor() : null
        );
    }

    private bool IsOlderThan(TimePlace other) => At < other.At || (At == other.At && Id.CompareTo(other.Id) < 0);
}

/// <param name="Next">The cursor of the next page; <see langword="null"/>: this is the last one.</param>
internal sealed record TimePage<T>(IReadOnlyList<T> Entries, string? Next);
