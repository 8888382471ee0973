using VClusterManager.Bench;
using VClusterManager.Bench.Figures;
using VClusterManager.Bench.Results;
using VClusterManager.Bench.World;

// What it asks of the machine (/proc, shell scripts, wrk) is there on Linux.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

IFigure[] figures =
[
    new ReadsFigure(),
    new AuthFigure(),
    new AcceptFigure(),
    new CreateFigure(),
    new StartFigure(),
    new EventsFigure(),
    new ProxyFigure(),
    new DynamicFigure(),
    new WebhooksFigure(),
    new ExpiryFigure(),
];
if (BenchOptions.Parse(args, [.. figures.Select(figure => figure.Name)]) is not { } options)
{
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

var results = new ResultsFile(options.Results);
foreach (var figure in figures.Where(figure => options.Figure is null || options.Figure == figure.Name))
{
    Console.WriteLine($"{figure.Name}: {figure.Question}");
    await using var workshop = new Workshop(options);
    var measured = await figure.MeasureAsync(workshop);
    foreach (var measurement in measured)
    {
        Console.WriteLine($"  {measurement.What}: {ResultsTable.Words(measurement)}");
    }

    results.Renew(figure, measured, await MachineFacts.OfAsync(workshop));
}

return 0;
