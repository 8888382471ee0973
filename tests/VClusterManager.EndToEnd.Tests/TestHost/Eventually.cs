using System.Text.Json;
using Xunit;
using Xunit.Sdk;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>Waits for what is promised to come true, or to stay true; the only place where tests wait.</summary>
internal static class Eventually
{
    /// <summary>Generous: the machine may be busy with something else. What should be quick has a bound of its own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks until it is as wanted, and returns that; fails with what was seen last.</summary>
    /// <param name="what">The promise, in words for the failure.</param>
    public static async Task<T> SeesAsync<T>(
        string what,
        Func<Task<T>> look,
        Func<T, bool> holds,
        TimeSpan? within = null
    )
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        var limit = within ?? Patience;
        while (true)
        {
            var seen = await look();
            if (holds(seen))
            {
                return seen;
            }

            if (time.GetElapsedTime(started) > limit)
            {
                throw new XunitException(
                    $"Waited {limit.TotalSeconds:0} s in vain for: {what}. Last seen:\n{Show(seen)}"
                );
            }

            await Task.Delay(LookInterval, time, TestContext.Current.CancellationToken);
        }
    }

    public static Task HoldsAsync(string what, Func<bool> holds, TimeSpan? within = null) =>
        SeesAsync(what, () => Task.FromResult(holds()), held => held, within);

    /// <summary>Looks again and again for so long; the check fails the test by itself.</summary>
    public static async Task AlwaysAsync(TimeSpan during, Func<Task> check)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < during)
        {
            await check();
            await Task.Delay(LookInterval, time, TestContext.Current.CancellationToken);
        }
    }

    private static string Show<T>(T seen) =>
        seen is string or null ? seen as string ?? "nothing" : JsonSerializer.Serialize(seen);
}
