using VClusterManager.Bench.Measuring;
using VClusterManager.Bench.World;

namespace VClusterManager.Bench.Figures;

/// <summary>How soon a process serves, and what it costs while nothing goes on.</summary>
internal sealed class StartFigure : IFigure
{
    public string Name => "start";

    public string Question => "How soon does a process serve, and how much memory does it take?";

    public string Method =>
        "From the start of the process to the first 200 of `/readyz`, on an emulated host without clusters; beside it a "
        + "bare Kestrel to its first 200. Both are published as an image has them. Memory is what the kernel counts as "
        + "resident (VmRSS), 15 s after the start.";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Workshop workshop)
    {
        var sandbox = await workshop.StartSandboxAsync("300ms");
        var (again, fresh, memory) = (new Pairs(), new Pairs(), new Pairs());
        await using var manager = workshop.CreateManager(sandbox);
        await using var bare = workshop.CreateBare();
        if (!workshop.Options.Short)
        {
            // The programs are in the memory of the machine, and the database of this one is migrated.
            await StartStopAsync(manager);
        }

        for (var i = 0; i < workshop.Options.Pick(5, 1); i++)
        {
            await using var first = workshop.CreateManager(sandbox);
            fresh.Add(await first.StartAsync(), await StartStopAsync(bare));
        }

        for (var i = 0; i < workshop.Options.Pick(10, 1); i++)
        {
            again.Add(await StartStopAsync(manager), await StartStopAsync(bare));
        }

        for (var i = 0; i < workshop.Options.Pick(3, 1); i++)
        {
            memory.Add(await MemoryAsync(manager, workshop), await MemoryAsync(bare, workshop));
        }

        return
        [
            again.Measured("from start to ready", 0.5, Bound.AtMost(2_000, "ms")),
            fresh.Measured("from start to ready, with a new database", 0.5),
            memory.Measured("memory without clusters", 0.5, Bound.AtMost(150, "MiB"), Unit.Mebibytes),
        ];
    }

    private static async Task<double> StartStopAsync(WebProcess server)
    {
        var took = await server.StartAsync();
        await server.StopAsync();
        return took;
    }

    private static async Task<double> MemoryAsync(WebProcess server, Workshop workshop)
    {
        await server.StartAsync();
        await Clock.PauseAsync(workshop.Options.Pick(15_000, 500));
        var memory = server.Process.ResidentMebibytes;
        await server.StopAsync();
        return memory;
    }
}
