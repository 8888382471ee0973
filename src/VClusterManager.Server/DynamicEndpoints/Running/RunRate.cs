using VClusterManager.Server.DynamicEndpoints.Definitions;

namespace VClusterManager.Server.DynamicEndpoints.Running;

/// <summary>So many runs in so long a time: a bucket that is full at the start and fills up all the time.</summary>
internal sealed class RunRate(EndpointRate rate, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _left = rate.Number;
    private long _counted = time.GetTimestamp();

    /// <summary>How long to wait for the next run; <see langword="null"/>: this one may begin, and is counted.</summary>
    public TimeSpan? Take()
    {
        var perTick = rate.Number / rate.Period.TotalSeconds;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(rate.Number, _left + (time.GetElapsedTime(_counted, now).TotalSeconds * perTick));
            _counted = now;
            if (_left < 1)
            {
                return TimeSpan.FromSeconds((1 - _left) / perTick);
            }

            _left--;
            return null;
        }
    }
}
