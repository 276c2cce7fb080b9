console.log("the UI");
