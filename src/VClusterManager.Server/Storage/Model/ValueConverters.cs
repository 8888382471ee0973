using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace VClusterManager.Server.Storage.Model;

/// <summary>A time as its UTC ticks (100 ns since year 1): it sorts and compares in every database.</summary>
internal sealed class UtcTicks()
    : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

/// <summary>A span of time as its ticks (100 ns).</summary>
internal sealed class SpanTicks() : ValueConverter<TimeSpan, long>(span => span.Ticks, ticks => new TimeSpan(ticks));

/// <summary>An enum as a word in snake_case, so that the database can be read, and values can be put in between.</summary>
internal sealed class EnumWord<TEnum>() : ValueConverter<TEnum, string>(value => ToWord(value), word => Parse(word))
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> Words = Enum.GetValues<TEnum>()
        .ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<string, TEnum> Values = Words.ToFrozenDictionary(
        pair => pair.Value,
        pair => pair.Key,
        StringComparer.Ordinal
    );

    private static string ToWord(TEnum value) => Words[value];

    private static TEnum Parse(string word) =>
        Values.TryGetValue(word, out var value)
            ? value
            : throw new InvalidOperationException($"The database holds an unknown {typeof(TEnum).Name}: '{word}'.");
}
