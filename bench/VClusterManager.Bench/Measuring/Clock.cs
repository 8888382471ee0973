namespace VClusterManager.Bench.Measuring;

/// <summary>How long things take.</summary>
internal static class Clock
{
    public static TimeProvider Time => TimeProvider.System;

    /// <summary>Milliseconds.</summary>
    public static async Task<double> TakeAsync(Func<Task> work)
    {
        var started = Time.GetTimestamp();
        await work();
        return Since(started);
    }

    /// <summary>Milliseconds.</summary>
    public static double Since(long started) => Time.GetElapsedTime(started).TotalMilliseconds;

    public static Task PauseAsync(double milliseconds) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Time, CancellationToken.None);

    /// <summary>Looks every so often until it holds.</summary>
    public static async Task UntilAsync(string what, double every, Func<Task<bool>> holds)
    {
        var started = Time.GetTimestamp();
        while (!await holds())
        {
            if (Time.GetElapsedTime(started) > Patience)
            {
                throw new BenchException($"waited {Patience.TotalSeconds:0} s in vain until {what}");
            }

            await PauseAsync(every);
        }
    }

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
}
